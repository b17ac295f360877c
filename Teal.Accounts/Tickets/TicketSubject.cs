using Teal.Accounts.Issuers;
using Teal.Core.Identities;

namespace Teal.Accounts.Tickets;

/// <summary><see cref="TokenSubject"/> as a ticket's record has it: any process may be the one that is brought the ticket.</summary>
/// <param name="Issuer"><inheritdoc cref="TokenSubject.Issuer"/></param>
/// <param name="Role"><inheritdoc cref="TokenSubject.Role"/></param>
/// <param name="Permissions"><inheritdoc cref="TokenSubject.Permissions"/></param>
/// <param name="EndsAt"><inheritdoc cref="TokenSubject.EndsAt"/></param>
internal sealed record TicketSubject(string Issuer, string? Role, IReadOnlyList<string> Permissions, DateTime EndsAt)
{
    /// <summary>That of a token.</summary>
    public static TicketSubject Of(TokenSubject subject) => new(
        subject.Issuer, subject.Role, [.. subject.Permissions.Lists.Single().Select(static permission => permission.Text)], subject.EndsAt);

    /// <summary>The token's own.</summary>
    public TokenSubject Restore(string account) => new(Issuer, account, Role, Core.Identities.Permissions.Of(Permissions), EndsAt);
}
