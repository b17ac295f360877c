using Microsoft.AspNetCore.Http;
using Teal.Core.Hosting;

namespace Teal.Listener.Http;

/// <summary>
/// Counts the requests that are being answered, so that a shutdown can wait for the last of them, and turns later ones away
/// with a 503. Those whose bodies have not come yet do not hold it up: their senders get a 503, too.
/// </summary>
internal sealed class Intake(BodyBudget bodies, ListenerOptions options) : IDrainStep
{
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for being open, and one for each request.
    private int _holders = 1;
    private volatile bool _closed;

    /// <inheritdoc/>
    public DrainStage Stage => DrainStage.Intake;

    /// <summary>Puts the count around a handler.</summary>
    public RequestDelegate Guard(RequestDelegate handler) => async context =>
    {
        Interlocked.Increment(ref _holders);
        try
        {
            if (_closed)
            {
                context.Response.Headers.Connection = "close";
                await ListenerAnswer.UnavailableAsync(context, options);
                return;
            }

            await handler(context);
        }
        finally
        {
            Release();
        }
    };

    /// <inheritdoc/>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        if (!_closed)
        {
            _closed = true;
            bodies.Close();
            Release();
        }

        return _empty.Task.WaitAsync(cancellationToken);
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) _empty.TrySetResult();
    }
}
