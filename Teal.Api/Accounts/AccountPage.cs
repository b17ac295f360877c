namespace Teal.Api.Accounts;

/// <summary>Some accounts.</summary>
/// <param name="Accounts">The accounts.</param>
/// <param name="Next">What to give as <c>after</c> for the following ones; null: there are none.</param>
internal sealed record AccountPage(IReadOnlyList<AccountEntry> Accounts, string? Next);
