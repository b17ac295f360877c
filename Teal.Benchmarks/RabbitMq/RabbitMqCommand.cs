using System.CommandLine;
using System.CommandLine.Parsing;
using RabbitMQ.Client.Exceptions;

namespace Teal.Benchmarks.RabbitMq;

/// <summary><c>rabbitmq</c>: the bus beside RabbitMQ.Client alone, on a broker that runs.</summary>
internal static class RabbitMqCommand
{
    // So many publications may be unconfirmed on one channel; above half of it the library slows its callers down.
    private const int MaximumOutstanding = 1000;

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var uri = new Option<Uri>("--uri")
        {
            Description = "The broker, as amqp://user:password@host:port/",
            Required = true,
            CustomParser = ParseUri,
        };
        var events = Number("--events", "How many events a round publishes", 50_000, 10_000_000);
        var outstanding = Number("--outstanding", "How many publications wait for their confirmation at a time", 500, MaximumOutstanding);
        var rounds = Number("--rounds", "How many rounds each side is measured, after one to warm up", 5, 1000);
        var limit = Number("--limit", "After how many seconds the comparison is given up", 300, 86_400);

        var command = new Command("rabbitmq", "Publishes the same events through the RabbitMQ bus and with RabbitMQ.Client alone, in turns")
        {
            uri, events, outstanding, rounds, limit,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new RabbitMqComparison(
                parsed.GetRequiredValue(uri), parsed.GetRequiredValue(events), parsed.GetRequiredValue(outstanding),
                parsed.GetRequiredValue(rounds)),
            TimeSpan.FromSeconds(parsed.GetRequiredValue(limit)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(RabbitMqComparison comparison, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(limit);
        try
        {
            await comparison.RunAsync(Console.Out, ending.Token);
            return 0;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                cancellationToken.IsCancellationRequested ? "Interrupted." : $"Given up after {limit.TotalSeconds} s (--limit).");
        }
        catch (Exception exception) when (exception is RabbitMQClientException or TimeoutException or IOException)
        {
            await Console.Error.WriteLineAsync($"The broker failed: {exception.GetBaseException().Message}");
        }

        return 1;
    }

    private static Option<int> Number(string name, string description, int usual, int maximum)
    {
        var option = new Option<int>(name) { Description = $"{description}, 1 to {maximum}", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var value) && (value < 1 || value > maximum))
                result.AddError($"{name} is 1 to {maximum}.");
        });
        return option;
    }

    private static Uri? ParseUri(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri) && uri.Scheme is ("amqp" or "amqps")) return uri;

        result.AddError("--uri is amqp://user:password@host:port/ or the same with amqps.");
        return null;
    }
}
