namespace Teal.Dispatcher.Requests;

/// <summary>A state that a client wants, its form checked but not its lifetime.</summary>
internal sealed record StateCreation(string State, string? FinalRedirectUrl, bool WithFragment, DateTime ExpiresAt)
{
    public override string ToString() => nameof(StateCreation);
}
