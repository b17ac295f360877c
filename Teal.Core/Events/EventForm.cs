namespace Teal.Core.Events;

/// <summary>How much of an event its JSON tells.</summary>
public enum EventForm
{
    /// <summary>What the clients of the original know (specification 3.2).</summary>
    Classic,

    /// <summary>What all other clients are told.</summary>
    Client,

    /// <summary>All, as processes tell each other.</summary>
    Whole,

    /// <summary>All but its content (<see cref="EventKind.ContentOf"/>).</summary>
    WithoutContent,
}
