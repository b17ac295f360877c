using Teal.Core.Addresses;
using Teal.Core.Identities;

namespace Teal.Accounts.Directory;

/// <summary>A role that the settings make beside the built-in ones, or what they say of one of these.</summary>
public sealed class Role
{
    /// <summary>Its name, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Its permissions, as they were written.</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>The same, read. Of a built-in role nothing.</summary>
    public required Permissions Permissions { get; init; }

    /// <summary>Where the states of those who have it may lead.</summary>
    public RedirectList Redirects { get; init; } = RedirectList.Any;

    /// <summary>Whether both say the same.</summary>
    public bool IsSameAs(Role other) =>
        Name == other.Name && Texts.SequenceEqual(other.Texts) && Redirects.Texts.SequenceEqual(other.Redirects.Texts);
}
