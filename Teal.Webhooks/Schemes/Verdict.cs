namespace Teal.Webhooks.Schemes;

/// <summary>What the check of a webhook found.</summary>
/// <param name="Reason">The finding.</param>
/// <param name="Secret">Which of the secrets signed it, from 0 on; where none did, 0.</param>
public readonly record struct Verdict(VerdictReason Reason, int Secret = 0)
{
    /// <summary>Whether one of the secrets signed it.</summary>
    public bool IsVerified => Reason == VerdictReason.Verified;

    /// <summary>The finding of a check.</summary>
    public static implicit operator Verdict(VerdictReason reason) => new(reason);
}
