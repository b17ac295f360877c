namespace Teal.Sqlite.Writing;

/// <summary>Whom a write may hold up. Each lane has its share of a commit; what waits in one does not wait for the others.</summary>
internal enum WriteLane
{
    /// <summary>Events that somebody asked for.</summary>
    Invited,

    /// <summary>What clients change.</summary>
    Clients,

    /// <summary>Events of topics that a program waits for, which whoever knows such a topic may send.</summary>
    Claimed,

    /// <summary>Events that whoever can reach the listener may send.</summary>
    Uninvited,

    /// <summary>Steps of the journal's own work, which wait until nothing else does, or for a moment.</summary>
    Background,
}
