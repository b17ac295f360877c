using Teal.Core.Wire;

namespace Teal.Host.Client;

/// <summary>The messages that a client sends (specification 3.2).</summary>
internal static class ClientMessages
{
    /// <summary>Creates a state, and registers for it if wanted.</summary>
    public static byte[] Create(CallbackBinding binding, bool register)
    {
        var json = new CompactJsonWriter(512);
        try
        {
            json.Raw("{\"create\":{\"type\":\"callback\",\"state\":"u8);
            json.Text(binding.State);
            json.Raw(",\"final_redirect_url\":"u8);
            json.Text(binding.FinalRedirectUrl);
            json.Raw(",\"with_fragment\":"u8);
            json.Boolean(binding.WithFragment);
            json.Raw(",\"expires_at\":"u8);
            json.Timestamp(binding.ExpiresAt);
            json.Raw("}"u8);
            if (register)
            {
                json.Raw(",\"register_to\":{\"type\":\"callback\",\"state\":"u8);
                json.Text(binding.State);
                json.Raw("}"u8);
            }

            json.Raw("}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }
}
