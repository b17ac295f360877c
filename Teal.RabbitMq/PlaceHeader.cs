using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using Teal.Core.Events;

namespace Teal.RabbitMq;

/// <summary>
/// Carries an event's place beside its message, whose body stays the original's: the header <c>teal-place</c>, with journal, position and
/// previous position, separated by blanks.
/// </summary>
internal static class PlaceHeader
{
    private const string Name = "teal-place";

    /// <summary>The headers of an event; null: it has no place.</summary>
    public static IDictionary<string, object?>? Of(EventPlace place) =>
        place.IsKept ? new Dictionary<string, object?> { [Name] = string.Create(CultureInfo.InvariantCulture, $"{place.Journal} {place.Position} {place.Previous}") } : null;

    /// <summary>The place that a message tells; the default value when it tells none. Takes any headers.</summary>
    public static EventPlace Read(IReadOnlyBasicProperties properties)
    {
        if (properties.Headers is not { } headers || !headers.TryGetValue(Name, out var value) || value is not byte[] { Length: < 200 } bytes) return default;

        var parts = Encoding.ASCII.GetString(bytes).Split(' ');
        return parts.Length == 3 && parts[0].Length > 0
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var previous)
            && position > previous
            ? new EventPlace(parts[0], position, previous) : default;
    }
}
