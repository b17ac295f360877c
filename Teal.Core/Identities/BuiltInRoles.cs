namespace Teal.Core.Identities;

/// <summary>The roles that there are without any setting (specification 8).</summary>
public static class BuiltInRoles
{
    /// <summary>Whoever logs in, makes callback states, CIBA requests and webhooks, and exchanges messages within the team.</summary>
    public const string Member = "member";

    /// <summary>Reads what members read, and makes nothing.</summary>
    public const string Reader = "reader";

    /// <summary>May do everything.</summary>
    public const string Admin = "admin";

    /// <summary>Their names.</summary>
    public static readonly IReadOnlyList<string> Names = [Member, Reader, Admin];

    /// <summary>
    /// What an account of the team may do in that role; null: it is none of these. A team whose name has a dot has no messages by its role:
    /// those of <c>a.b</c> would be among those of the team <c>a</c>.
    /// </summary>
    /// <exception cref="ArgumentException">The team is no name of one (<see cref="AccountName"/>): it could be a pattern.</exception>
    public static Permissions? Find(string role, string team)
    {
        if (!AccountName.IsNormal(team)) throw new ArgumentException($"A team must be {AccountName.Form}.", nameof(team));

        var hasMessages = !team.Contains('.', StringComparison.Ordinal);
        string[] read = ["read callback:*", "read ciba:*", "read webhook:*", .. Of(hasMessages, $"read message:{team}.*")];
        return role switch
        {
            Member => Permissions.Of(
                [.. read, "create callback:*", "create ciba:*", "create webhook:*", .. Of(hasMessages, $"publish message:{team}.*")]),
            Reader => Permissions.Of(read),
            Admin => Permissions.All,
            _ => null,
        };
    }

    private static string[] Of(bool isThere, string permission) => isThere ? [permission] : [];
}
