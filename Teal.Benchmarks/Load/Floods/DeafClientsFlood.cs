using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>Clients that are registered and do not read, while a stranger posts what is large.</summary>
internal sealed class DeafClientsFlood : IFlood
{
    private const int Clients = 60, ReceiveWindow = 4096;
    private const string Domain = "budgea";

    public string Name => "deaf-clients";

    public string Title => $"{Clients} registered clients do not read, while one connection posts webhooks of 1 MiB";

    public bool IsForDistributed => true;

    public IDisposable Start(FloodTarget target)
    {
        var clients = new DeafClients(
            target, Clients, Origin.Stranger with { ReceiveWindow = ReceiveWindow }, ExtendedMessages.Register(Topics.Webhook(Domain)));
        target.Loop.TryRunUntil(() => clients.Deaf >= Clients, TimeSpan.FromSeconds(5));
        ReadOnlyMemory<byte>[] request =
        [
            Requests.WebhookHead($"{Domain}.biapi.pro", LargeWebhooksFlood.Body.Length), LargeWebhooksFlood.Body,
        ];
        return new Both(clients, new Repeater(target, target.Server.HttpPort, 1, _ => request));
    }
}
