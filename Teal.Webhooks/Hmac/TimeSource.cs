using System.Globalization;
using System.Text.Json;
using Teal.Core.Wire;
using Teal.Webhooks.Bodies;
using Teal.Webhooks.Requests;

namespace Teal.Webhooks.Hmac;

/// <summary>Where the time of a signature stands.</summary>
/// <param name="Name">A header; a member of the signature's header where it is <see cref="SignatureGrammar.Members"/>.</param>
/// <param name="Form">How it is written.</param>
public sealed record TimeSource(string Name, TimeForm Form = TimeForm.Seconds)
{
    // 64-bit ones with ease, and no text that is a number in another way.
    private const int MostDigits = 15;

    /// <summary>Whether it is a member of the body, which is JSON. It is looked at once the body is known to be signed.</summary>
    public bool IsInBody { get; init; }

    /// <summary>The instant that a text says; null: it says none.</summary>
    public DateTimeOffset? Read(ReadOnlySpan<char> text)
    {
        if (Form == TimeForm.Iso)
            return IsoInstant.TryParse(text.ToString(), out var instant) && instant.Offset is not null && instant.TryGetUtc(out var utc)
                ? new DateTimeOffset(utc, TimeSpan.Zero) : null;
        if (text.Length is 0 or > MostDigits || text.ContainsAnyExceptInRange('0', '9')) return null;

        var number = long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        return ReadNumber(number);
    }

    /// <summary>The instant that the body says; null: it says none.</summary>
    public DateTimeOffset? ReadBody(WebhookRequest request)
    {
        if (JsonBody.Read(request.Body) is not { } body || !body.TryGetProperty(Name, out var member)) return null;
        if (member.ValueKind == JsonValueKind.Number) return member.TryGetInt64(out var number) ? ReadNumber(number) : null;

        return JsonBody.Text(body, Name) is { } text ? Read(text) : null;
    }

    /// <summary>How now is written.</summary>
    public string Write(DateTimeOffset now) => Form switch
    {
        TimeForm.Seconds => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        TimeForm.Milliseconds => now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        _ => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
    };

    private DateTimeOffset? ReadNumber(long number)
    {
        const long MostSeconds = 253_402_300_799;
        var (seconds, milliseconds) = Form == TimeForm.Milliseconds ? (number / 1000, number % 1000) : (number, 0);
        return number < 0 || seconds > MostSeconds ? null : DateTimeOffset.FromUnixTimeSeconds(seconds).AddMilliseconds(milliseconds);
    }
}
