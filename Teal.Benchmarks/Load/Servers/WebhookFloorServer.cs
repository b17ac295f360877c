namespace Teal.Benchmarks.Load.Servers;

/// <summary>Bare Kestrel, which checks the signatures of webhooks.</summary>
internal sealed class WebhookFloorServer : FloorServerProcess
{
    public override string Request(string topic) => WebhookRequest.To("/webhook", Query(topic));
}
