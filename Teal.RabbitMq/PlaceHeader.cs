using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RabbitMQ.Client;
using Teal.Core.Events;
using Teal.Core.Identities;

namespace Teal.RabbitMq;

/// <summary>
/// Carries an event's place and owner beside its message, whose body stays the original's: the header <c>teal-place</c>, with journal,
/// position and previous position, separated by blanks; the header <c>teal-owner</c>, as <see cref="EventOwner"/> has it; and the header
/// <c>teal-seal</c>, which proves that they belong to this body and come from a process of the journal. Whoever may publish at RabbitMQ can
/// send events, but cannot say where the journal has them, or give another's event away.
/// </summary>
internal static class PlaceHeader
{
    private const string Name = "teal-place";
    private const string OwnerName = "teal-owner";
    private const string SealName = "teal-seal";

    private const int LongestPlace = 200;

    // Of the 32 bytes of HMAC-SHA-256: enough for nobody to guess.
    private const int SealLength = 16;

    /// <summary>
    /// From this length on a message that has a place has no seal, and is not read: whoever hears it reads the event from the journal,
    /// where it takes up to six times less, and no more is sent at once than clients take.
    /// </summary>
    public const int LongMessage = 64 * 1024;

    /// <summary>The headers of an event; null: it has none.</summary>
    public static IDictionary<string, object?>? Of(TealEvent @event, ReadOnlySpan<byte> body, byte[] key)
    {
        var place = @event.Place;
        var owner = (place.IsKept ? EventOwner.ToText(@event) : @event.Owner) is { } name ? Encoding.ASCII.GetBytes(name) : null;
        if (!place.IsKept) return owner is null ? null : new Dictionary<string, object?>(1) { [OwnerName] = owner };

        var text = Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{place.Journal} {place.Position} {place.Previous}"));
        var headers = new Dictionary<string, object?>(owner is null ? 2 : 3) { [Name] = text };
        if (owner is not null) headers[OwnerName] = owner;
        if (body.Length < LongMessage) headers[SealName] = Seal(text, owner, body, key);
        return headers;
    }

    /// <summary>
    /// The event with the place and the owner that its message tells. Where the seal is wrong or missing the place is
    /// <see cref="EventPlace.Unproven"/>: whoever has that journal takes nothing from here. For others what is said of the owner counts
    /// all the same: it only narrows who gets the event, and whoever forges it could as well say nothing. Takes any headers.
    /// </summary>
    public static TealEvent Read(TealEvent @event, IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body, byte[] key)
    {
        var place = ReadClaim(properties, out var text);
        var owner = Find(properties, OwnerName);
        var ownerText = owner is { Length: <= EventOwner.MaximumLength } ? Encoding.ASCII.GetString(owner) : null;
        if (ownerText is not null && !EventOwner.IsText(ownerText)) ownerText = null;

        // The original's listeners, and those who keep nothing, do not say whose their events are.
        if (!place.IsKept) return ownerText is null ? @event : @event with { Owner = EventOwner.FromText(@event.Topic.Kind, ownerText) };

        var isProven = owner is not { Length: > EventOwner.MaximumLength } && Find(properties, SealName) is { } seal
            && CryptographicOperations.FixedTimeEquals(seal, Seal(text, owner, body, key));
        return @event with
        {
            Place = isProven ? place : EventPlace.Unproven(place.Journal!),
            Owner = EventOwner.FromText(@event.Topic.Kind, ownerText),
        };
    }

    /// <summary>The place that a message tells, whoever wrote it; the default value when it tells none. Takes any headers.</summary>
    public static EventPlace ReadClaim(IReadOnlyBasicProperties properties) => ReadClaim(properties, out _);

    private static EventPlace ReadClaim(IReadOnlyBasicProperties properties, out byte[] text)
    {
        text = [];
        if (Find(properties, Name) is not { Length: < LongestPlace } bytes) return default;

        text = bytes;
        var parts = Encoding.ASCII.GetString(bytes).Split(' ');
        if (parts.Length != 3 || parts[0].Length == 0
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var previous)
            || position <= previous)
            return default;

        return new EventPlace(parts[0], position, previous);
    }

    private static byte[]? Find(IReadOnlyBasicProperties properties, string name) =>
        properties.Headers is { } headers && headers.TryGetValue(name, out var value) ? value as byte[] : null;

    // In hexadecimal digits: programs of others may take every header for text. A place has two blanks, and the one in front of the owner
    // is the third: so nothing of the one can be taken for the other.
    private static byte[] Seal(ReadOnlySpan<byte> place, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> body, byte[] key)
    {
        Span<byte> sealedText = stackalloc byte[SHA256.HashSizeInBytes + LongestPlace + 1 + EventOwner.MaximumLength];
        var length = SHA256.HashData(body, sealedText);
        place.CopyTo(sealedText[length..]);
        length += place.Length;
        if (!owner.IsEmpty)
        {
            sealedText[length++] = (byte)' ';
            owner.CopyTo(sealedText[length..]);
            length += owner.Length;
        }

        Span<byte> seal = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, sealedText[..length], seal);
        var digits = new byte[2 * SealLength];
        Convert.TryToHexStringLower(seal[..SealLength], digits, out _);
        return digits;
    }
}
