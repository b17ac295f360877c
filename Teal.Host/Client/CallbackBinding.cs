namespace Teal.Host.Client;

/// <summary>A state to create on the server.</summary>
internal sealed record CallbackBinding(string State, string? FinalRedirectUrl, bool WithFragment, DateTime ExpiresAt);
