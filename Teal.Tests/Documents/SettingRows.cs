using Teal.Core.Configuration;
using Teal.Host.Configuration;

namespace Teal.Tests.Documents;

/// <summary>The table of settings in a document, a row for each.</summary>
internal static class SettingRows
{
    private const string Header = "| key under `Teal` | default | meaning |";

    /// <summary>A setting's row.</summary>
    public static string Of(Setting<TealOptions> setting) =>
        $"| `{setting.Key}` | {(SettingCatalogue.DefaultOf(setting) is { Length: > 0 } preset ? $"`{preset}`" : "none")} " +
        $"| {setting.Meaning}{(setting.IsLive ? "; **live**" : "")} |";

    /// <summary>The rows that a document has.</summary>
    public static string[] In(string document)
    {
        var lines = Repository.ReadLines(document);
        return [.. lines.Skip(FirstIn(lines)).TakeWhile(static line => line.StartsWith('|'))];
    }

    /// <summary>Puts others into their place.</summary>
    public static void Replace(string document, string[] rows)
    {
        var lines = Repository.ReadLines(document);
        var first = FirstIn(lines);
        File.WriteAllLines(Repository.PathOf(document), [.. lines[..first], .. rows, .. lines[(first + In(document).Length)..]]);
    }

    // Behind the header stands the line that makes it one.
    private static int FirstIn(string[] lines) => Array.IndexOf(lines, Header) + 2;
}
