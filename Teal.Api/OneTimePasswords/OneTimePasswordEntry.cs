namespace Teal.Api.OneTimePasswords;

/// <summary>A one-time password that was made a moment ago.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Password">The password itself, this once.</param>
/// <param name="ExpiresAt">When it ends, UTC.</param>
internal sealed record OneTimePasswordEntry(string Account, string Password, DateTime ExpiresAt)
{
    /// <summary>The account alone: a password has no place in a log.</summary>
    public override string ToString() => Account;
}
