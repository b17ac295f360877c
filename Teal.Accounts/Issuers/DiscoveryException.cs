namespace Teal.Accounts.Issuers;

/// <summary>An issuer did not tell its keys.</summary>
/// <param name="message">Why, in words for an operator; nothing of what it answered.</param>
internal sealed class DiscoveryException(string message) : Exception(message)
{
    /// <summary>Whether the issuer has nothing at that address.</summary>
    public bool IsMissing { get; init; }
}
