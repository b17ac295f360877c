using Microsoft.Extensions.Configuration;

namespace Teal.Host.Configuration;

/// <summary>Where settings come from; what comes later wins (specification 5).</summary>
internal static class ConfigurationSources
{
    /// <summary>
    /// <c>appsettings.json</c> beside the program, then in the working folder; the original's environment variables;
    /// environment variables such as <c>Teal__Listener__PublicUrl</c>; the command line.
    /// </summary>
    /// <exception cref="InvalidDataException">A file is not valid JSON.</exception>
    public static IConfigurationRoot Load(IReadOnlyDictionary<string, string?> commandLine)
    {
        var builder = new ConfigurationBuilder();
        foreach (var folder in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() }.Distinct())
            builder.AddJsonFile(Path.Combine(folder, "appsettings.json"), optional: true, reloadOnChange: false);

        return builder.AddInMemoryCollection(FromAliases()).AddEnvironmentVariables().AddInMemoryCollection(commandLine).Build();
    }

    private static Dictionary<string, string?> FromAliases() => SettingCatalogue.All
        .Where(static setting => setting.Alias is not null && Environment.GetEnvironmentVariable(setting.Alias) is not null)
        .ToDictionary(static setting => $"Teal:{setting.Key}", static setting => Environment.GetEnvironmentVariable(setting.Alias!));
}
