namespace Teal.Accounts.Keys;

/// <summary>What a new key is to be.</summary>
/// <param name="Account">Whose it is to be.</param>
/// <param name="Label">What its owner calls it: 1 to <see cref="MaximumLabelLength"/> characters, none of them a control character.</param>
/// <param name="Permissions">What may be done with it at most; null: all that the account may do.</param>
/// <param name="ExpiresAt">When it ends; null: it has no end.</param>
public sealed record KeyWish(string Account, string Label, IReadOnlyList<string>? Permissions, DateTimeOffset? ExpiresAt)
{
    /// <summary>The longest label, in characters.</summary>
    public const int MaximumLabelLength = 100;

    /// <summary>The account alone: permissions may hold a key of topics, which has no place in a log.</summary>
    public override string ToString() => Account;
}
