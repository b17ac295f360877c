using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>Where the log goes, and what never does.</summary>
internal static class TealLogging
{
    private const string Framework = "Microsoft";

    // Tells of a start that failed with all its stack, where the command tells it in a line; Critical is what stops a host later.
    private const string GenericHost = "Microsoft.Extensions.Hosting.Internal.Host";

    // All it writes holds URLs. As long as it could write, the framework makes an activity and a log scope for each request, and keeps
    // them as long as a websocket lives.
    private const string Requests = "Microsoft.AspNetCore.Hosting.Diagnostics";

    // A peer that breaks HTTP/2 has it write dozens of lines at Critical for each connection.
    private const string Http2 = "Microsoft.AspNetCore.Server.Kestrel.Http2";

    /// <summary>
    /// The log goes to standard error, a line each, in the form that <c>Logging:Console:FormatterName</c> names
    /// (<see cref="LogForm"/>). Whatever the configuration says, the framework's own messages below Warning stay away: they
    /// hold URLs, and so the secrets of whoever calls (specification 7, promise 5).
    /// </summary>
    public static ILoggingBuilder AddTealLogging(this ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddConsole();
        logging.Services.Configure<SimpleConsoleFormatterOptions>(static console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<JsonConsoleFormatterOptions>(static console =>
        {
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            console.UseUtcTimestamp = true;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(static console =>
        {
            console.FormatterName ??= LogForm.Default;
            console.LogToStandardErrorThreshold = LogLevel.Trace;

            // Where nobody reads the log, its lines are lost and counted, rather than every request held up.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        logging.Services.PostConfigure<LoggerFilterOptions>(static filters =>
        {
            for (var i = 0; i < filters.Rules.Count; i++)
            {
                var rule = filters.Rules[i];
                if (MayNameFramework(rule.CategoryName) && rule.LogLevel < LogLevel.Warning)
                    filters.Rules[i] = new LoggerFilterRule(rule.ProviderName, rule.CategoryName, LogLevel.Warning, rule.Filter);
            }

            // Where no rule names the framework, the default would hold for it; one for each provider that has rules of its own.
            foreach (var provider in filters.Rules.Select(static rule => rule.ProviderName).Append(null).Distinct().ToArray())
            {
                if (!filters.Rules.Any(rule => rule.ProviderName == provider && rule.CategoryName == Framework))
                    filters.Rules.Add(new LoggerFilterRule(provider, Framework, LogLevel.Warning, null));
                filters.Rules.Add(new LoggerFilterRule(provider, GenericHost, LogLevel.Critical, null));
                filters.Rules.Add(new LoggerFilterRule(provider, Requests, LogLevel.None, null));
                filters.Rules.Add(new LoggerFilterRule(provider, Http2, LogLevel.None, null));
            }
        });
        return logging;
    }

    // A category may hold a wildcard: what stands in front of it decides.
    private static bool MayNameFramework(string? category)
    {
        if (category is null) return false;

        var wildcard = category.IndexOf('*', StringComparison.Ordinal);
        return category.StartsWith(Framework, StringComparison.OrdinalIgnoreCase)
            || (wildcard >= 0 && Framework.StartsWith(category[..wildcard], StringComparison.OrdinalIgnoreCase));
    }
}
