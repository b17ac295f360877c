namespace Teal.Core.Identities;

/// <summary>Who a connection belongs to. All that stands behind the door sees this, and never a credential.</summary>
/// <param name="Name">The user's name.</param>
public sealed record Identity(string Name)
{
    /// <summary>The one user there is today.</summary>
    public const string AnonymousName = "anonymous";
}
