using Teal.Host.Configuration;

namespace Teal.Host.Commands;

/// <summary>
/// Reads settings from the command line: <c>--Listener:Url VALUE</c> or <c>--Listener:Url=VALUE</c>, with or without <c>Teal:</c>, parts
/// of a setting included; and those of .NET's log, such as <c>--Logging:LogLevel:Teal</c>.
/// </summary>
internal static class SettingArguments
{
    private const string Root = "Teal:";
    private const string Logging = "Logging:";

    /// <summary>The settings by their full keys; false with a complaint where an argument is none.</summary>
    public static bool TryRead(IReadOnlyList<string> arguments, out Dictionary<string, string?> settings, out string complaint)
    {
        settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        complaint = "";
        for (var i = 0; i < arguments.Count; i++)
        {
            var parts = arguments[i].Split('=', 2);
            var key = KeyOf(parts[0]);
            if (key is null)
                complaint = $"'{parts[0]}' is neither an option nor a setting; 'teal serve --help' lists the settings.";
            else if (parts.Length == 1 && i + 1 == arguments.Count)
                complaint = $"'{parts[0]}' needs a value.";
            else
                settings[key] = parts.Length == 2 ? parts[1] : arguments[++i];

            if (complaint.Length > 0) return false;
        }

        return true;
    }

    private static string? KeyOf(string argument)
    {
        var key = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..] : "";
        if (key.StartsWith(Logging, StringComparison.OrdinalIgnoreCase)) return key;
        if (key.StartsWith(Root, StringComparison.OrdinalIgnoreCase)) key = key[Root.Length..];
        return SettingCatalogue.All.Any(setting => ConfigurationReader.IsAt(key, setting)) ? Root + key : null;
    }
}
