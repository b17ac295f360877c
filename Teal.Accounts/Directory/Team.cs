using Teal.Core.Addresses;

namespace Teal.Accounts.Directory;

/// <summary>What the settings say of a team. A team that they say nothing of is there all the same.</summary>
public sealed class Team
{
    /// <summary>Its name, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Where the states of its accounts may lead.</summary>
    public required RedirectList Redirects { get; init; }

    /// <summary>Whether both say the same.</summary>
    public bool IsSameAs(Team other) => Name == other.Name && Redirects.Texts.SequenceEqual(other.Redirects.Texts);
}
