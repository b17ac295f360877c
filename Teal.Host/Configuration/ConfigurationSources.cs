using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Teal.Core.Configuration;

namespace Teal.Host.Configuration;

/// <summary>Where settings come from; what comes later wins (specification 5).</summary>
internal static class ConfigurationSources
{
    /// <summary>
    /// <c>appsettings.json</c> beside the program, then in the working folder; the original's environment variables;
    /// environment variables such as <c>Teal__Listener__PublicUrl</c>; the command line.
    /// </summary>
    /// <param name="commandLine">The settings of the command line.</param>
    /// <param name="required">The paths of files that must be there; others may.</param>
    /// <exception cref="InvalidDataException">
    /// A file is missing, cannot be read, or is not valid JSON. The message is for an operator, and repeats nothing of the file.
    /// </exception>
    public static IConfigurationRoot Load(IReadOnlyDictionary<string, string?> commandLine, IReadOnlyList<string> required)
    {
        try
        {
            var builder = new ConfigurationBuilder();
            foreach (var folder in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() }.Distinct())
            {
                var path = Path.Combine(folder, "appsettings.json");
                builder.AddJsonFile(path, optional: !required.Contains(path), reloadOnChange: false);
            }

            return builder.AddInMemoryCollection(FromAliases()).AddEnvironmentVariables().AddInMemoryCollection(commandLine).Build();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(Describe(exception), exception);
        }
    }

    /// <summary>The paths of the files that have settings.</summary>
    public static IReadOnlyList<string> FilesOf(IConfiguration configuration) =>
        configuration is IConfigurationRoot root
            ? [.. root.Providers.OfType<JsonConfigurationProvider>().Where(static file => file.GetChildKeys([], null).Any()).Select(PathOf)]
            : [];

    /// <summary>
    /// Where the value of a key comes from, for an operator: a file's path, a variable's name, or the command line. Null: it is not set.
    /// </summary>
    public static string? Find(IConfigurationRoot configuration, string key)
    {
        var providers = configuration.Providers.ToArray();
        return Array.FindLast(providers, provider => provider.TryGet(key, out _) || provider.GetChildKeys([], key).Any()) switch
        {
            null => null,
            JsonConfigurationProvider file => PathOf(file),
            EnvironmentVariablesConfigurationProvider => $"the environment variable {VariableOf(key)}",
            var provider when provider == providers[^1] => "the command line",
            _ => $"the environment variable {AliasOf(SettingOf(key))}",
        };
    }

    /// <summary>Where a file is.</summary>
    public static string PathOf(JsonConfigurationProvider file) =>
        file.Source.FileProvider?.GetFileInfo(file.Source.Path!).PhysicalPath ?? file.Source.Path!;

    // The parser's own words have what stands at the place, which may be a secret that lacks its quotation mark.
    private static string Describe(Exception exception) => exception.GetBaseException() switch
    {
        JsonException { LineNumber: { } line, BytePositionInLine: { } position } =>
            $"{exception.Message} It is no JSON: see line {line + 1}, byte {position + 1}.",
        var cause when cause == exception => exception.Message,
        var cause => $"{exception.Message} {cause.Message}",
    };

    private static Dictionary<string, string?> FromAliases() => SettingCatalogue.All
        .Where(static setting => AliasOf(setting) is not null)
        .ToDictionary(static setting => $"Teal:{setting.Key}", static setting => Environment.GetEnvironmentVariable(AliasOf(setting)!));

    // The last of them that is there.
    private static Setting<TealOptions> SettingOf(string key) =>
        SettingCatalogue.All.First(setting => key.Equals($"Teal:{setting.Key}", StringComparison.OrdinalIgnoreCase));

    private static string? AliasOf(Setting<TealOptions> setting) =>
        setting.Aliases.LastOrDefault(static name => Environment.GetEnvironmentVariable(name) is not null);

    // As it was written: in any case, and with «__» or «:»; of a list the first item's.
    private static string VariableOf(string key)
    {
        var names = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .ToLookup(static name => name.Replace("__", ":", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase);
        return names[key].FirstOrDefault()
            ?? names.FirstOrDefault(group => group.Key.StartsWith(key + ':', StringComparison.OrdinalIgnoreCase))?.First()
            ?? key.Replace(":", "__", StringComparison.Ordinal);
    }
}
