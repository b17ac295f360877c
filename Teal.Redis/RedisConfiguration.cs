using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace Teal.Redis;

/// <summary>Reads <see cref="RedisOptions.Configuration"/>.</summary>
public static class RedisConfiguration
{
    // In milliseconds; the driver itself looks once a second.
    private const int ReconnectInterval = 500;

    /// <summary>
    /// Reads a StackExchange.Redis configuration string, or a <c>redis://</c> or <c>rediss://</c> URL. On failure
    /// <paramref name="fault"/> says what is wrong, in words that end a sentence beginning with the setting's name, and never
    /// holds a part of the text: a password could be anywhere in it. Never throws.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ConfigurationOptions? options, [NotNullWhen(false)] out string? fault)
    {
        options = text.Contains("://", StringComparison.Ordinal) && !text[..text.IndexOf("://", StringComparison.Ordinal)].Contains('=')
            ? RedisUrl.Parse(text, out fault) : ParseDriverForm(text, out fault);
        if (options is null)
        {
            fault ??= "must be a StackExchange.Redis string or a redis:// URL";
            return false;
        }

        fault = null;

        // Redis may come later, and may go: the driver shall go on trying for ever, and soon. Meanwhile nothing waits for it:
        // third parties get their 503 at once.
        options.AbortOnConnectFail = false;
        options.ConnectRetry = 1;
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectInterval);
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ClientName ??= "teal";

        // A key holds a state's name.
        options.IncludeDetailInExceptions = false;

        // A channel and a key of the driver's own, which nobody uses, and a user of Redis need not be allowed to.
        options.ConfigurationChannel = "";
        options.TieBreaker = "";
        return true;
    }

    private static ConfigurationOptions? ParseDriverForm(string text, out string? fault)
    {
        fault = null;
        if (text.AsSpan().Trim(" ,").IsEmpty)
        {
            fault = "must name a host";
            return null;
        }

        try
        {
            var options = ConfigurationOptions.Parse(text);
            if (options.EndPoints.Count > 0) return options;

            fault = "must name a host";
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            // The driver's own words could hold a part of the password.
            fault =
                "must be a StackExchange.Redis string with known options, or a redis:// URL; " +
                "a password with a comma needs the URL, with %2C for the comma";
            return null;
        }
    }
}
