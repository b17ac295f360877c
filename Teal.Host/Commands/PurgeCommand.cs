using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Host.Administration;
using Teal.Host.Configuration;
using Teal.Host.Serving;

namespace Teal.Host.Commands;

/// <summary>
/// <c>teal purge</c>: forgets kept events before their time, because they hold tokens. A server that runs does it; where none does, the
/// command opens the store.
/// </summary>
internal static class PurgeCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "All events" };
    private static readonly Option<string> State = new("--state") { Description = "The callbacks of a state" };
    private static readonly Option<string> Request = new("--request-id") { Description = "The OpenID CIBA notifications of a request" };
    private static readonly Option<string> Domain = new("--domain") { Description = "The webhooks of a Powens domain" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = ServerOptions.With(new Command(
            "purge", "Forgets kept events, while the server runs or not. Takes the settings of serve.") { All, State, Request, Domain });

        // Where no server runs, all that says where the store is means something.
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result)
    {
        Topic?[] named =
        [
            result.GetValue(State) is { } state ? new Topic(EventKinds.Callback, state) : null,
            result.GetValue(Request) is { } request ? new Topic(EventKinds.OpenIdCibaCallback, request) : null,
            result.GetValue(Domain) is { } domain ? new Topic(EventKinds.PowensDomain, EventKinds.PowensDomain.NormalizeKey(domain)) : null,
        ];
        var topics = named.OfType<Topic>().ToArray();
        if (result.GetValue(State) is "" || result.GetValue(Request) is "" || result.GetValue(Domain) is "")
            return await ClientOptions.FailAsync("--state, --request-id and --domain must not be empty.");
        if (result.GetValue(All) == (topics.Length > 0))
            return await ClientOptions.FailAsync("purge needs either --all, or --state, --request-id or --domain.");

        return ServerOptions.IsForServer(result)
            ? await ServerOptions.RunAsync(
                result, server => server.SendAsync(HttpMethod.Post, "/purge", json => Write(json, topics)),
                static answer => Describe(answer.Number("events")))
            : await RunAloneAsync(result, topics);
    }

    private static void Write(Utf8JsonWriter json, Topic[] topics)
    {
        if (topics.Length == 0) json.WriteBoolean("all", true);
        else json.WriteStartArray("topics");
        foreach (var topic in topics) json.WriteStringValue($"{topic.Kind.ShortName}:{topic.Key}");
        if (topics.Length > 0) json.WriteEndArray();
    }

    private static async Task<int> RunAloneAsync(ParseResult result, Topic[] topics)
    {
        if (!ServerOptions.TryReadSettings(result, out var options, out var exitCode)) return exitCode;
        var store = options.Store!;
        if (!store.IsLasting)
            return await ClientOptions.FailAsync($"the {store.Name.ToLowerInvariant()} store keeps nothing that could be purged.");
        if (store.FindPurgeFault(options) is { } fault) return Fail(fault);

        try
        {
            await using var services = Services(options);
            var events = await PurgeAsync(services, topics);
            if (topics.Length == 0) await store.CompactAsync(services);
            ServerOptions.Print(result, json => json.WriteNumber("events", events), Describe(events));
            return ExitCode.Success;
        }
        catch (StoreException exception)
        {
            return Fail(store.IsShared ? $"{store.Name} cannot be used: {exception.Message}." : exception.Message);
        }
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"teal: {message}");
        return ExitCode.StoreUnusable;
    }

    private static string Describe(long events) => events == 1 ? "1 event was purged." : $"{events} events were purged.";

    private static async Task<long> PurgeAsync(ServiceProvider services, Topic[] topics)
    {
        var journal = services.GetRequiredService<IJournalPurge>();
        var events = topics.Length == 0 ? await journal.PurgeAsync(CancellationToken.None) : 0;
        foreach (var topic in topics) events += await journal.PurgeAsync(topic, CancellationToken.None);
        return events;
    }

    private static ServiceProvider Services(TealOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(TimeProvider.System);
        return services.AddTealStore(options).BuildServiceProvider();
    }
}
