using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RabbitMQ.Client;
using Teal.Core.Events;

namespace Teal.RabbitMq;

/// <summary>
/// Carries an event's place beside its message, whose body stays the original's: the header <c>teal-place</c>, with journal, position and
/// previous position, separated by blanks, and the header <c>teal-seal</c>, which proves that they belong to this body and come from a
/// process of the journal. Whoever may publish at RabbitMQ can send events, but cannot say where the journal has them.
/// </summary>
internal static class PlaceHeader
{
    private const string Name = "teal-place";
    private const string SealName = "teal-seal";

    private const int LongestPlace = 200;

    // Of the 32 bytes of HMAC-SHA-256: enough for nobody to guess.
    private const int SealLength = 16;

    /// <summary>
    /// From this length on a message that has a place has no seal, and is not read: whoever hears it reads the event from the journal,
    /// where it takes up to six times less, and no more is sent at once than clients take.
    /// </summary>
    public const int LongMessage = 64 * 1024;

    /// <summary>The headers of an event; null: it has no place.</summary>
    public static IDictionary<string, object?>? Of(EventPlace place, ReadOnlySpan<byte> body, byte[] key)
    {
        if (!place.IsKept) return null;

        var text = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{place.Journal} {place.Position} {place.Previous}"));
        return body.Length < LongMessage
            ? new Dictionary<string, object?>(2) { [Name] = text, [SealName] = Seal(text, body, key) }
            : new Dictionary<string, object?>(1) { [Name] = text };
    }

    /// <summary>
    /// The place that a message tells; <see cref="EventPlace.Unproven"/> where the seal is wrong or missing, the default value
    /// when it tells none. Takes any headers.
    /// </summary>
    public static EventPlace Read(IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body, byte[] key)
    {
        var place = ReadClaim(properties, out var text);
        if (!place.IsKept) return place;

        return properties.Headers!.TryGetValue(SealName, out var value) && value is byte[] seal
            && CryptographicOperations.FixedTimeEquals(seal, Seal(text, body, key))
            ? place : EventPlace.Unproven(place.Journal!);
    }

    /// <summary>The place that a message tells, whoever wrote it; the default value when it tells none. Takes any headers.</summary>
    public static EventPlace ReadClaim(IReadOnlyBasicProperties properties) => ReadClaim(properties, out _);

    private static EventPlace ReadClaim(IReadOnlyBasicProperties properties, out byte[] text)
    {
        text = [];
        if (properties.Headers is not { } headers || !headers.TryGetValue(Name, out var value)
            || value is not byte[] { Length: < LongestPlace } bytes)
            return default;

        text = bytes;
        var parts = Encoding.ASCII.GetString(bytes).Split(' ');
        if (parts.Length != 3 || parts[0].Length == 0
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var previous)
            || position <= previous)
            return default;

        return new EventPlace(parts[0], position, previous);
    }

    // In hexadecimal digits: programs of others may take every header for text.
    private static byte[] Seal(ReadOnlySpan<byte> place, ReadOnlySpan<byte> body, byte[] key)
    {
        Span<byte> sealedText = stackalloc byte[SHA256.HashSizeInBytes + LongestPlace];
        SHA256.HashData(body, sealedText);
        place.CopyTo(sealedText[SHA256.HashSizeInBytes..]);
        Span<byte> seal = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, sealedText[..(SHA256.HashSizeInBytes + place.Length)], seal);
        var digits = new byte[2 * SealLength];
        Convert.TryToHexStringLower(seal[..SealLength], digits, out _);
        return digits;
    }
}
