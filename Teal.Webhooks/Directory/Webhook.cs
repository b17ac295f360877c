using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Directory;

/// <summary>An address to which a third party sends (specification 9.2). Immutable.</summary>
public sealed record Webhook
{
    /// <summary>The methods that are taken where nothing else is said.</summary>
    public static readonly IReadOnlyList<string> UsualMethods = ["POST", "PUT", "PATCH"];

    /// <summary>Whose it is.</summary>
    public required string Team { get; init; }

    /// <summary>What the team calls it (<see cref="WebhookName"/>).</summary>
    public required string Name { get; init; }

    /// <summary>What stands behind <c>/hook/</c> in its address: 22 random characters of base 62, or what was chosen.</summary>
    public required string Address { get; init; }

    /// <summary>The name of the scheme by which its provider signs.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's secrets. Each counts, so that they can be changed.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <inheritdoc cref="SchemeWish.VerifyToken"/>
    public string? VerifyToken { get; init; }

    /// <inheritdoc cref="SchemeWish.Tolerance"/>
    public TimeSpan? Tolerance { get; init; }

    /// <summary>Whether only what is signed comes in. Default true.</summary>
    public bool Enforces { get; init; } = true;

    /// <summary>Whether further segments may stand behind its address. Default false.</summary>
    public bool TakesSubpaths { get; init; }

    /// <summary>The methods that are taken, in upper case. Default <see cref="UsualMethods"/>.</summary>
    public IReadOnlyList<string> Methods { get; init; } = UsualMethods;

    /// <summary>Whether anything is taken. Default true.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Whether it stands in the settings, and is changed there.</summary>
    public bool IsOfSettings { get; init; }

    /// <summary>When it was made, UTC; null: it stands in the settings.</summary>
    public DateTime? CreatedAt { get; init; }

    /// <summary>The version of its record; 0: it stands in the settings, or is not stored yet.</summary>
    public long Version { get; init; }

    /// <summary>Its name among those of all teams.</summary>
    public string Key => KeyOf(Team, Name);

    /// <summary>The topic of its events.</summary>
    public Topic Topic => new(EventKinds.Webhook, Key);

    /// <summary>What its scheme is given.</summary>
    internal SchemeWish Wish => new(Secrets) { VerifyToken = VerifyToken, Tolerance = Tolerance };

    /// <summary>The name among those of all teams of a team's webhook.</summary>
    public static string KeyOf(string team, string name) => $"{team}/{name}";

    /// <summary>Team and name: secrets and the address have no place in a log.</summary>
    public override string ToString() => Key;
}
