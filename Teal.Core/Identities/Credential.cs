namespace Teal.Core.Identities;

/// <summary>A user name and a password, as some transport brought them.</summary>
public sealed record Credential(string User, string Password)
{
    /// <summary>Nothing: a credential has no place in a log.</summary>
    public override string ToString() => nameof(Credential);
}
