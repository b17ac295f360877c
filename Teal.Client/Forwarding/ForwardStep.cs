using System.Text.Json;

namespace Teal.Client.Forwarding;

/// <summary>Something that happened while events were forwarded.</summary>
public abstract record ForwardStep
{
    private ForwardStep()
    {
    }

    /// <summary>An event came, and is about to be forwarded.</summary>
    public sealed record Received(JsonElement Event) : ForwardStep;

    /// <summary>The target answered.</summary>
    /// <param name="Attempt">The how manieth try it was, from 1 on.</param>
    /// <param name="Status">The status.</param>
    /// <param name="Duration">How long it took.</param>
    public sealed record Answered(int Attempt, int Status, TimeSpan Duration) : ForwardStep;

    /// <summary>The target did not answer.</summary>
    /// <param name="Attempt">The how manieth try it was, from 1 on.</param>
    /// <param name="Reason">Why, in a few words.</param>
    public sealed record Unanswered(int Attempt, string Reason) : ForwardStep;

    /// <summary>The event is tried again.</summary>
    /// <param name="Wait">After how long.</param>
    public sealed record Retrying(TimeSpan Wait) : ForwardStep;

    /// <summary>The target cannot be reached. It is said once until it can.</summary>
    public sealed record TargetAway(string Reason) : ForwardStep;

    /// <summary>The target can be reached again.</summary>
    public sealed record TargetBack : ForwardStep;

    /// <summary>The target took the event.</summary>
    /// <param name="Cursor">Where to go on; null: the event is not kept.</param>
    public sealed record Delivered(string? Cursor) : ForwardStep;

    /// <summary>The target did not take the event, which is passed over.</summary>
    /// <param name="Cursor">Where to go on; null: the event is not kept.</param>
    public sealed record Skipped(string? Cursor) : ForwardStep;

    /// <summary>Events may be missing here: the dispatcher does not keep them any more.</summary>
    /// <param name="Cursor">Where to go on.</param>
    public sealed record Missing(string? Cursor) : ForwardStep;
}
