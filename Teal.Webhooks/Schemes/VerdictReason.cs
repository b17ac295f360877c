namespace Teal.Webhooks.Schemes;

/// <summary>What the check of a webhook found. Its sender is told none of it, as it would help to guess.</summary>
public enum VerdictReason
{
    /// <summary>One of the secrets signed it.</summary>
    Verified,

    /// <summary>There is no signature, or something else that it needs.</summary>
    Missing,

    /// <summary>The signature, or its time, is written in another way than the scheme says.</summary>
    Malformed,

    /// <summary>None of the secrets signed it.</summary>
    Wrong,

    /// <summary>It was signed longer ago than the scheme allows, or so far in the future.</summary>
    Stale,
}
