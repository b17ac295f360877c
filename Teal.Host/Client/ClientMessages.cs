using System.Text;
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

    /// <summary>Registers for a topic.</summary>
    public static byte[] RegisterTo(string type, string member, string key) => Write(key, $"{{\"register_to\":{{\"type\":\"{type}\",\"{member}\":", "}}");

    /// <summary>What <c>--json</c> prints once a registration is confirmed.</summary>
    public static string Ready(string member, string key) => Encoding.ASCII.GetString(Write(key, $"{{\"type\":\"ready\",\"{member}\":", "}"));

    private static byte[] Write(string key, string before, string after)
    {
        var json = new CompactJsonWriter(256);
        try
        {
            json.Raw(Encoding.ASCII.GetBytes(before));
            json.Text(key);
            json.Raw(Encoding.ASCII.GetBytes(after));
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }
}
