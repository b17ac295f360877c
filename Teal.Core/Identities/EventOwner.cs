using Teal.Core.Events;

namespace Teal.Core.Identities;

/// <summary>
/// How journals and buses write whose an event is (specification 8.5). What nearly all events of a kind are is not written: of a kind
/// whose topics clients create they are <see cref="Identity.AnonymousName"/>'s, of another nobody's.
/// </summary>
public static class EventOwner
{
    /// <summary>The longest text.</summary>
    public const int MaximumLength = AccountName.MaximumLength;

    // No team has this name.
    private const string Nobody = "-";

    /// <summary>The owner as it is written; null: nothing is written.</summary>
    public static string? ToText(TealEvent @event) =>
        @event.Owner == DefaultOf(@event.Topic.Kind) ? null : @event.Owner ?? Nobody;

    /// <summary>The owner that was written; null: nobody.</summary>
    /// <param name="kind">The event's kind.</param>
    /// <param name="text">What is written; null: nothing.</param>
    public static string? FromText(EventKind kind, string? text) =>
        text is null ? DefaultOf(kind) : text == Nobody ? null : text;

    /// <summary>Whether <see cref="ToText"/> can have written it.</summary>
    public static bool IsText(string text) => text == Nobody || AccountName.IsNormal(text);

    private static string? DefaultOf(EventKind kind) => kind.HasStates ? Identity.AnonymousName : null;
}
