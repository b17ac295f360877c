namespace Teal.Core.Events;

/// <summary>How much of an event its JSON tells.</summary>
public enum EventForm
{
    /// <summary>What the clients of the original know (specification 3.2).</summary>
    Classic,

    /// <summary>All.</summary>
    Whole,

    /// <summary>All but its content (<see cref="EventKind.ContentOf"/>).</summary>
    WithoutContent,
}
