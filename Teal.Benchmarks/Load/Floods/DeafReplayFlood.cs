using Teal.Benchmarks.Load.Client;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>Clients that ask for all that is kept, and do not read it.</summary>
internal sealed class DeafReplayFlood : IFlood
{
    private const int Clients = 3, Webhooks = 150;
    private const string Domain = "budgea";

    public string Name => "deaf-replay";

    public string Title => $"{Clients} clients ask for {Webhooks} kept webhooks of 1 MiB, and do not read them";

    public bool IsForDistributed => true;

    public void Prepare(FloodTarget target) => KeptEvents.Webhooks(target, Domain, target.Options.Scale(Webhooks), LargeWebhooksFlood.Body);

    public IDisposable Start(FloodTarget target) =>
        new DeafClients(target, Clients, Origin.Stranger, ExtendedMessages.Register(Topics.Webhook(Domain), "earliest"));
}
