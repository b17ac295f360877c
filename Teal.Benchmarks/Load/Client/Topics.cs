namespace Teal.Benchmarks.Load.Client;

/// <summary>What a client can register for, as the members of a JSON object.</summary>
internal static class Topics
{
    /// <summary>The callbacks of a state.</summary>
    public static string Callback(string state) => $"\"type\":\"callback\",\"state\":\"{state}\"";

    /// <summary>The OpenID CIBA notifications for a request.</summary>
    public static string Notification(string requestId) => $"\"type\":\"openid_ciba_callback\",\"request_id\":\"{requestId}\"";

    /// <summary>The webhooks of a Powens domain.</summary>
    public static string Webhook(string domain) => $"\"type\":\"powens_domain\",\"powens_domain\":\"{domain}\"";
}
