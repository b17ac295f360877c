using Teal.Core.Identities;

namespace Teal.Core.States;

/// <summary>
/// Which account made a state, and the role that an outside issuer gave it; of Teal's own accounts the role is known, and may be another by
/// now. Stores keep it as a text, <c>anna</c> or <c>anna/member</c>, and none where the account has the owner's name and no such role.
/// </summary>
/// <param name="Account">The account's name.</param>
/// <param name="Role">The name of the role; null: it is an account of Teal's own, or has none.</param>
public readonly record struct StateMaker(string Account, string? Role)
{
    private const char Separator = '/';

    /// <summary>That of a state.</summary>
    public static StateMaker Of(CallbackState state)
    {
        var text = state.MadeBy ?? state.Owner;
        var end = text.IndexOf(Separator, StringComparison.Ordinal);
        return end < 0 ? new StateMaker(text, null) : new StateMaker(text[..end], text[(end + 1)..]);
    }

    /// <summary>The text for a state that an identity makes.</summary>
    public static string? TextOf(Identity by) =>
        by is { Issuer: not null, Role: { } role } ? $"{by.Account}{Separator}{role}" : by.Account == by.Team ? null : by.Account;
}
