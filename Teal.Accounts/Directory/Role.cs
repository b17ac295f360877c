using Teal.Core.Identities;

namespace Teal.Accounts.Directory;

/// <summary>A role that the settings make, beside the built-in ones.</summary>
public sealed class Role
{
    /// <summary>Its name, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Its permissions, as they were written.</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>The same, read.</summary>
    public required Permissions Permissions { get; init; }

    /// <summary>Whether both say the same.</summary>
    public bool IsSameAs(Role other) => Name == other.Name && Texts.SequenceEqual(other.Texts);
}
