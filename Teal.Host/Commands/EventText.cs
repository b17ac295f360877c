using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Teal.Host.Commands;

/// <summary>Events in words, for a terminal.</summary>
internal static class EventText
{
    /// <summary>An event as the dispatcher sent it.</summary>
    public static string Describe(JsonElement @event) => @event.GetProperty("type").GetString() switch
    {
        "callback" => $"A callback has been received at {Text(@event, "timestamp")}!\n{Text(@event, "url")}",
        _ => Printable(@event.GetRawText()),
    };

    /// <summary>
    /// The text with control characters written out: what a stranger put into a URL must not steer the terminal. Line breaks
    /// are control characters too.
    /// </summary>
    public static string Printable(string text)
    {
        if (!text.Any(char.IsControl)) return text;

        var printable = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (char.IsControl(character)) printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else printable.Append(character);
        }

        return printable.ToString();
    }

    private static string Text(JsonElement @event, string member) => Printable(@event.GetProperty(member).GetString() ?? "");
}
