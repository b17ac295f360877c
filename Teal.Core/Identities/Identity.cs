using System.Runtime.CompilerServices;
using Teal.Core.Addresses;
using Teal.Core.Events;

namespace Teal.Core.Identities;

/// <summary>
/// Who a connection belongs to (specification 8). All that stands behind the door sees this, and never a credential. An authenticator
/// gives the same object to all connections of an identity, so that each of them costs a reference alone.
/// </summary>
public sealed record Identity
{
    /// <summary>The account of the configured password.</summary>
    public const string AnonymousName = "anonymous";

    /// <summary>Whoever has the configured password.</summary>
    public static readonly Identity Anonymous =
        new() { Account = AnonymousName, Permissions = Permissions.AllButAdmin, MayMakeCredentials = true };

    private static readonly IReadOnlyDictionary<string, string> NoClaims = new Dictionary<string, string>();

    /// <summary>The account's name, in lower case (<see cref="AccountName"/>).</summary>
    public required string Account { get; init; }

    /// <summary>Who owns what the account makes, in lower case. Default: the account's own name.</summary>
    public string Team
    {
        get => field ?? Account;
        init;
    }

    /// <summary>The name of the account's role; null: it has none.</summary>
    public string? Role { get; init; }

    /// <summary>What it may do: by its role and its own permissions, narrowed by those of the key it came with.</summary>
    public required Permissions Permissions { get; init; }

    /// <summary>Where the states that it makes may lead: by its account, its team and its role. Default anywhere.</summary>
    public RedirectList Redirects { get; init; } = RedirectList.Any;

    /// <summary>Texts that the operator attached to the account, by their names; they travel with calls. Default none.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; init; } = NoClaims;

    /// <summary>The id of the key it came with; null: it came with none. It is no secret.</summary>
    public string? KeyId { get; init; }

    /// <summary>
    /// Whether keys and one-time passwords may be made with it: it came with an account's password, and not with what was made with one.
    /// </summary>
    public bool MayMakeCredentials { get; init; }

    /// <summary>
    /// The name that the settings give the issuer whose token it came with; null: it is an account of Teal's own.
    /// </summary>
    public string? Issuer { get; init; }

    /// <summary>When the credential ends that it came with, UTC; null: it has no end.</summary>
    public DateTime? ExpiresAt { get; init; }

    /// <summary>What it sees where it may read what is its team's; one object for all registrations.</summary>
    internal Sight OwnSight => field ??= Sight.OfTeam(Team);

    /// <summary>
    /// Whether it may do something with a topic; that of its own team counts as it is written there, too (<see cref="Topic.KeyWithin"/>).
    /// Whether the topic's owner is another team is for the caller to see.
    /// </summary>
    public bool May(Act act, Topic topic) =>
        Permissions.May(act, topic) || (topic.Kind.IsOfTeams && Permissions.May(act, topic with { Key = topic.KeyWithin(Team) }));

    /// <summary>The same account for whoever came with what was made with its password, and with which nothing further is made.</summary>
    /// <param name="keyId">The id of the key; null: it was none.</param>
    /// <param name="permissions">What may be done at most; null: all that the account may do.</param>
    /// <param name="expiresAt">When it ends, UTC; null: it has no end.</param>
    public Identity Narrow(string? keyId, Permissions? permissions, DateTime? expiresAt) => this with
    {
        Permissions = permissions is null ? Permissions : Permissions.Narrow(permissions),
        KeyId = keyId,
        MayMakeCredentials = false,
        ExpiresAt = expiresAt,
    };

    /// <summary>Whether it is the same object: there is one for each identity as long as nothing of it changes.</summary>
    public bool Equals(Identity? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The account's name: claims have no place in a log.</summary>
    public override string ToString() => Account;
}
