using Teal.Core.Wire;

namespace Teal.Host.Client;

/// <summary>A state to create on the server.</summary>
internal sealed record CallbackBinding(string State, string? FinalRedirectUrl, bool WithFragment, DateTime ExpiresAt)
{
    /// <summary>Writes it as <c>create</c> has it (specification 3.2).</summary>
    public void Write(ref CompactJsonWriter json)
    {
        json.Raw("{\"type\":\"callback\",\"state\":"u8);
        json.Text(State);
        json.Raw(",\"final_redirect_url\":"u8);
        json.Text(FinalRedirectUrl);
        json.Raw(",\"with_fragment\":"u8);
        json.Boolean(WithFragment);
        json.Raw(",\"expires_at\":"u8);
        json.Timestamp(ExpiresAt);
        json.Raw("}"u8);
    }
}
