using Teal.Core.Events;

namespace Teal.Core.Identities;

/// <summary>
/// Which events of a topic somebody gets who may read it (specification 8.5): all, or those of the own team and nobody's. Immutable; asked
/// for each event, and so for each client, when the event is sent.
/// </summary>
public sealed class Sight
{
    /// <summary>All events, whoever owns them.</summary>
    public static readonly Sight Unlimited = new(null);

    // Null: all are seen.
    private readonly string? _team;

    private Sight(string? team) => _team = team;

    /// <summary>Whether there may be events that are not seen.</summary>
    public bool IsLimited => _team is not null;

    /// <summary>What an identity sees of a topic; null: it may not read it.</summary>
    public static Sight? Of(Identity identity, Topic topic) =>
        identity.May(Act.ReadAny, topic) ? Unlimited : identity.May(Act.Read, topic) ? identity.OwnSight : null;

    /// <summary>Whether an event of that owner is seen.</summary>
    /// <param name="owner"><inheritdoc cref="TealEvent.Owner"/></param>
    public bool Sees(string? owner) => _team is null || owner is null || owner == _team;

    /// <summary>The events of a team, and nobody's.</summary>
    internal static Sight OfTeam(string team) => new(team);
}
