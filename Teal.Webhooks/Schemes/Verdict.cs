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

    /// <summary>Looks which of the secrets is right. All are tried, so that the time says nothing of which one it is.</summary>
    internal static Verdict OfSecrets<T>(IReadOnlyList<T> secrets, Func<T, bool> isRight)
    {
        Verdict verdict = VerdictReason.Wrong;
        for (var i = 0; i < secrets.Count; i++)
        {
            if (isRight(secrets[i]) && !verdict.IsVerified) verdict = new Verdict(VerdictReason.Verified, i);
        }

        return verdict;
    }

    /// <summary>That of a request whose items are signed one by one: all have to be, and the secret is that of the first.</summary>
    /// <param name="items">The items; none is no signature.</param>
    /// <param name="most">How many there may be.</param>
    /// <param name="verify">Checks one.</param>
    internal static Verdict OfItems<T>(IReadOnlyList<T> items, int most, Func<T, Verdict> verify)
    {
        if (items.Count == 0 || items.Count > most) return VerdictReason.Missing;

        var first = verify(items[0]);
        if (!first.IsVerified) return first;

        foreach (var item in items.Skip(1))
        {
            if (verify(item) is { IsVerified: false } verdict) return verdict;
        }

        return first;
    }
}
