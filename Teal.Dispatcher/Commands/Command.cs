using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Dispatcher.Registrations;
using Teal.Webhooks.Management;

namespace Teal.Dispatcher.Commands;

/// <summary>One thing that a client asks for. A message is a list of them, done as a whole or not at all.</summary>
internal abstract record Command
{
    private Command()
    {
    }

    /// <summary>The command that is meant where a client of a team sends this one.</summary>
    internal virtual Command Within(string team) => this;

    /// <summary>Its name alone: states and keys are secrets and have no place in a log.</summary>
    public sealed override string ToString() => GetType().Name;

    /// <summary>Makes something that has an owner; its form is checked, but not its lifetime.</summary>
    /// <param name="Topic">The topic of its events.</param>
    /// <param name="ExpiresAt">When it ends, UTC; null: it has no end.</param>
    internal abstract record Creation(Topic Topic, DateTime? ExpiresAt) : Command;

    /// <summary>Stores a state.</summary>
    internal sealed record Create(string State, string? FinalRedirectUrl, bool WithFragment, DateTime EndsAt)
        : Creation(new Topic(EventKinds.Callback, State), EndsAt);

    /// <summary>Says which notification is waited for, and which client notification token it has.</summary>
    internal sealed record CreateCibaRequest(string RequestId, string Token, DateTime EndsAt)
        : Creation(new Topic(EventKinds.OpenIdCibaCallback, RequestId), EndsAt);

    /// <summary>Makes a webhook, or has the one of that name be as is wished.</summary>
    internal sealed record CreateWebhook(WebhookWish Wish) : Creation(new Topic(EventKinds.Webhook, Wish.Name), null)
    {
        /// <inheritdoc/>
        internal override Command Within(string team) => this with { Topic = Topic.Within(team) };
    }

    /// <summary>Registers for a topic.</summary>
    /// <param name="Topic">The topic.</param>
    /// <param name="After">The position behind which its events begin, 0 for the earliest; null: from now on.</param>
    /// <param name="IsInstant">Whether the position is an instant that the client chose, and not a place where it was.</param>
    internal sealed record Register(Topic Topic, long? After, bool IsInstant = false) : Command
    {
        /// <summary>What the position says it belongs to; null: it does not say.</summary>
        public CursorOrigin? Origin { get; init; }

        /// <summary>Whether the client wants to be told when it has all that was kept.</summary>
        public bool AsksForEnd { get; init; }

        /// <inheritdoc/>
        internal override Command Within(string team) => Topic.Kind.IsOfTeams ? this with { Topic = Topic.Within(team) } : this;
    }

    /// <summary>Ends the registration for a topic; one that is not there is no fault.</summary>
    internal sealed record Unregister(Topic Topic) : Command
    {
        /// <inheritdoc/>
        internal override Command Within(string team) => Topic.Kind.IsOfTeams ? this with { Topic = Topic.Within(team) } : this;
    }

    /// <summary>
    /// Deletes what was made, with the events that are kept of its topic. It cannot be taken back, so a message has one at most.
    /// </summary>
    internal sealed record Delete(Topic Topic) : Command
    {
        /// <inheritdoc/>
        internal override Command Within(string team) => Topic.Kind.IsOfTeams ? this with { Topic = Topic.Within(team) } : this;
    }

    /// <summary>Goes on with another token of the same account. A message has it alone.</summary>
    internal sealed record Refresh(string Token) : Command;
}
