namespace Teal.Core.Identities;

/// <summary>What a permission lets its owner do (specification 8).</summary>
public enum Act
{
    /// <summary>Making, replacing and deleting what is one's team's.</summary>
    Create,

    /// <summary>Registering for events and reading them; of what has an owner, one's team's alone.</summary>
    Read,

    /// <summary>The same, whoever owns it.</summary>
    ReadAny,

    /// <summary>Publishing messages.</summary>
    Publish,

    /// <summary>Calling procedures.</summary>
    Call,

    /// <summary>Serving procedures.</summary>
    Serve,

    /// <summary>Seeing secrets unmasked.</summary>
    Reveal,

    /// <summary>Administration: accounts, roles, the keys and connections of others, purge, backup.</summary>
    Admin,
}
