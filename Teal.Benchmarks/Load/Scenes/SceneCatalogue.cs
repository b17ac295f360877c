using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Reports;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Scenes;

/// <summary>All scenes, in the order in which they are run. Those with many events come first: .NET has then compiled what matters before
/// those with few. Redirects are a part of the two before them.</summary>
internal static class SceneCatalogue
{
    public static IReadOnlyList<IScene> All { get; } =
    [
        new PublishScene(
            "topics", "2,000 topics with a client each", "32 events under way at a time, to 2,000 topics in turn.",
            static options => new PublishShape(Topics: options.Scale(2000), SubscribersPerTopic: 1, Outstanding: 32), [],
            static all => [Figure.AtMost(
                "CPU per event, 2,000 topics, durable store",
                Ratio(all, TealServer.DurableName, FloorServerProcess.ServerName, static round => round.CpuPerEvent), 2.5, "x the floor")]),
        new PublishScene(
            "one-topic", "Many senders, one topic",
            "32 events under way at a time, all for one topic with one client, which has long had more events than it keeps.",
            static _ =>
                new PublishShape(
                    Topics: 1, SubscribersPerTopic: 1, Outstanding: 32), [NchanServer.ServerName, NodeServer.ServerName], static _ => []),
        new PublishScene(
            "redirects", "Redirects",
            "64 requests under way at a time for 1,000 states; no client is connected. nchan's answer is no redirect.",
            static options => new PublishShape(Topics: options.Scale(1000), SubscribersPerTopic: 0, Outstanding: 64), [],
            static all =>
            [
                Figure.AtLeast(
                    "redirects per second and core, durable store",
                    1 / Ratio(all, TealServer.DurableName, FloorServerProcess.ServerName, static round => round.CpuPerEvent), 0.4,
                    "x the floor"),
                Figure.AtLeast(
                    "redirects per second and core, memory store",
                    1 / Ratio(all, TealServer.InMemoryName, FloorServerProcess.ServerName, static round => round.CpuPerEvent), 0.7,
                    "x the floor"),
            ]) { HasManyRounds = true },
        new PublishScene(
            "one-to-one", "One event to one client",
            "One event after the other, each to the one client that registered for its topic. The time is from the request's sending to "
                + "the event's arrival.",
            static _ => new PublishShape(Topics: 16, SubscribersPerTopic: 1, Outstanding: 1), [],
            static all => [Figure.AtMost(
                "p50, one to one, durable store",
                Ratio(all, TealServer.DurableName, FloorServerProcess.ServerName, static round => round.Latencies.Median), 2.5,
                "x the floor")]),
        FanOut("fan-out", "One event to 1,000 clients", "Each event to 1,000 clients, 8 events under way at a time.", 8, []),
        FanOut(
            "fan-out-alone", "One event to 1,000 clients, one at a time",
            "The same, each event after the one before has arrived everywhere.", 1,
            [NodeServer.ServerName, TealServer.InMemoryName, DistributedTealServer.ServerName]),
        new ComeAndGoScene(),
        new CredentialScene(),
        new WebhookScene(),
        new GrowthScene(),
        new IdleScene(),
        new ReplayScene(),
        new RabbitMqScene(),
        new StartScene(),
        new HerdScene(),
        new FloodScene(
            "floods", TealServer.DurableName,
            static flood => new TealServer(TealServer.DurableName, [.. flood.Settings]) { OpenFiles = flood.OpenFiles }, static _ => true),
        new FloodScene(
            "floods-distributed", DistributedTealServer.ServerName, static flood => new DistributedTealServer([.. flood.Settings]),
            static flood => flood.IsForDistributed),
    ];

    private static PublishScene FanOut(string name, string title, string text, int outstanding, string[] without) => new(
        name, title, text, options => new PublishShape(Topics: 1, SubscribersPerTopic: options.Scale(1000), Outstanding: outstanding),
        without,
        all =>
        [
            Figure.AtMost(
                $"CPU per delivery, {title}",
                Ratio(all, TealServer.DurableName, FloorServerProcess.ServerName, static round => round.CpuPerDelivery), 1.3,
                "x the floor"),
            Figure.AtMost(
                $"CPU per delivery, {title}",
                Ratio(all, TealServer.DurableName, NchanServer.ServerName, static round => round.CpuPerDelivery), 0.7, "x nchan"),
        ]);

    private static double Ratio(IReadOnlyList<ServerRounds> all, string server, string reference, Func<Measurement, double> figure) =>
        all.Single(side => side.Name == server).RatioTo(all.Single(side => side.Name == reference), figure);
}
