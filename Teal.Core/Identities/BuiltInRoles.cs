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

    /// <summary>What an account of the team may do in that role; null: it is none of these.</summary>
    /// <exception cref="ArgumentException">The team is no name of one (<see cref="AccountName"/>): it could be a pattern.</exception>
    public static Permissions? Find(string role, string team)
    {
        if (!AccountName.IsNormal(team)) throw new ArgumentException($"A team must be {AccountName.Form}.", nameof(team));

        string[] read = ["read callback:*", "read ciba:*", "read webhook:*", $"read message:{team}.*"];
        return role switch
        {
            Member => Permissions.Of(
                [.. read, "create callback:*", "create ciba:*", "create webhook:*", $"publish message:{team}.*"]),
            Reader => Permissions.Of(read),
            Admin => Permissions.All,
            _ => null,
        };
    }
}
