namespace Teal.Core.Journal;

/// <summary>What a journal bounds on its own (specification 7.1): who fills one room takes nothing from the others. The numbers are a storage format.</summary>
public enum JournalRoom
{
    /// <summary>Callbacks of stored states.</summary>
    Callbacks,

    /// <summary>OpenID CIBA notifications that were claimed.</summary>
    OpenIdCiba,

    /// <summary>Powens webhooks that were claimed, or whose domain has a secret.</summary>
    Powens,

    /// <summary>Callbacks of states that say themselves where they lead, and that were claimed.</summary>
    Freestanding,

    /// <summary>All that nobody asked for, whatever its kind.</summary>
    Unclaimed,
}
