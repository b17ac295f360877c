using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Teal.Host.Commands;

/// <summary>Events in words, for a terminal.</summary>
internal static class EventText
{
    /// <summary>Whether there are words for events of this type.</summary>
    public static bool Knows(string type) => type is "callback" or "openid_ciba_callback" or "powens_webhook" or "webhook";

    /// <summary>An event as the dispatcher sent it.</summary>
    public static string Describe(JsonElement @event) => @event.GetProperty("type").GetString() switch
    {
        "callback" => $"A callback has been received at {Text(@event, "timestamp")}!\n{Text(@event, "url")}",
        "openid_ciba_callback" => $"An OpenID CIBA notification has been received at {Text(@event, "timestamp")}!\n{DescribeCiba(@event)}",
        "powens_webhook" =>
            $"A Powens webhook has been received at {Text(@event, "timestamp")}!\n" +
            $"{Text(@event, "domain")} {Text(@event, "event")}\n{Text(@event, "payload")}",
        "webhook" => $"A webhook has been received at {Text(@event, "timestamp")}!\n{DescribeWebhook(@event)}",
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

    /// <summary>An event as the dispatcher sent it, on one line, with control characters written out.</summary>
    // Within strings JSON allows none but U+007F to U+009F, and between them only white space.
    public static string OneLine(JsonElement @event) => Printable(string.Concat(@event.GetRawText().Split('\r', '\n', '\t')));

    private static string DescribeCiba(JsonElement @event)
    {
        var text = new StringBuilder($"Request: {Text(@event, "request_id")}\nToken: {Text(@event, "access_token")}");
        foreach (var part in new[] { @event.GetProperty("push_token"), @event.GetProperty("push_error") })
        {
            if (part.ValueKind != JsonValueKind.Object) continue;
            foreach (var member in part.EnumerateObject().Where(static member => member.Value.ValueKind == JsonValueKind.String))
                text.Append(CultureInfo.InvariantCulture, $"\n{Printable(member.Name)}: {Printable(member.Value.GetString()!)}");
        }

        return text.ToString();
    }

    private static string DescribeWebhook(JsonElement webhook)
    {
        var verified = webhook.GetProperty("verified") is { ValueKind: JsonValueKind.Object } signature
            ? $"verified: {Text(signature, "scheme")}" : "not verified";
        var body = webhook.TryGetProperty("body", out _) ? Text(webhook, "body") : Text(webhook, "body_base64");
        return $"{Text(webhook, "name")}: {Text(webhook, "method")} {Text(webhook, "target")} ({verified})\n{body}";
    }

    private static string Text(JsonElement @event, string member) => Printable(@event.GetProperty(member).GetString() ?? "");
}
