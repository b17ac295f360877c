using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Teal.Client.Forwarding;

/// <summary>
/// Gives each event of a webhook to a local server, as the request that it came with (specification 9.4): one after the other, each at
/// least once. Whoever keeps the cursor of <see cref="ForwardStep.Delivered"/> and <see cref="ForwardStep.Skipped"/>, and begins there,
/// misses none.
/// </summary>
/// <param name="client">Where the events come from.</param>
/// <param name="options">How to forward.</param>
/// <param name="tell">Hears what happens, in its order.</param>
public sealed class Forwarder(TealClient client, ForwardOptions options, Action<ForwardStep> tell)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromSeconds(30);

    private bool _isAway;

    /// <summary>Forwards until it is cancelled, or a target does not take an event and <see cref="OnFailure.Stop"/> is wished.</summary>
    /// <param name="topic">The topic, of a webhook.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TealException">The dispatcher does not let it go on.</exception>
    public async Task RunAsync(Topic topic, From from, CancellationToken cancellationToken)
    {
        await foreach (var @event in client.ListenAsync(topic, from, cancellationToken))
        {
            if (@event is Gap) tell(new ForwardStep.Missing(@event.Cursor));
            if (ForwardedRequest.Of(@event, options) is not { } request) continue;

            tell(new ForwardStep.Received(@event.Json));
            if (await TryForwardAsync(request, cancellationToken)) tell(new ForwardStep.Delivered(@event.Cursor));
            else if (options.OnFailure == OnFailure.Stop) return;
            else tell(new ForwardStep.Skipped(@event.Cursor));
        }
    }

    private async Task<bool> TryForwardAsync(ForwardedRequest request, CancellationToken cancellationToken)
    {
        // A target that is away takes no tries: whoever restarts it wants the event then.
        for (var (attempt, refusals) = (1, 0); ; attempt++)
        {
            var wait = TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Min(Math.Max(refusals, attempt - 1), 10)));
            try
            {
                var begun = Stopwatch.GetTimestamp();
                var answer = await SendAsync(request.Encode(attempt), cancellationToken);
                if (_isAway) tell(new ForwardStep.TargetBack());
                _isAway = false;
                tell(new ForwardStep.Answered(attempt, answer.Status, Stopwatch.GetElapsedTime(begun)));
                if (answer.IsSuccess) return true;
                if (!answer.IsPassing && options.OnFailure != OnFailure.Retry) return false;

                wait = answer.RetryAfter ?? wait;
                if (++refusals > options.Retries && options.OnFailure != OnFailure.Retry) return false;
            }
            catch (SocketException exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (!_isAway) tell(new ForwardStep.TargetAway(exception.SocketErrorCode.ToString()));
                _isAway = true;
                wait = FirstWait;
            }
            catch (Exception exception)
                when (exception is IOException or AuthenticationException or OperationCanceledException
                    && !cancellationToken.IsCancellationRequested)
            {
                tell(new ForwardStep.Unanswered(attempt, ReasonOf(exception)));
                if (++refusals > options.Retries && options.OnFailure != OnFailure.Retry) return false;
            }

            if (!_isAway) tell(new ForwardStep.Retrying(wait));
            await Task.Delay(wait, options.TimeProvider, cancellationToken);
        }
    }

    private async Task<TargetAnswer> SendAsync(byte[] request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await TargetConnection.SendAsync(options, request, either.Token);
    }

    private string ReasonOf(Exception exception) => exception is OperationCanceledException
        ? $"no answer within {options.Timeout.TotalSeconds:0.#} s" : exception.Message.TrimEnd('.');
}
