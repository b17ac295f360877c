using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Core.Hosting;
using Teal.Web.Sessions;

namespace Teal.Web.Streams;

/// <summary>
/// One client's event stream: the body of an answer that goes on until the client goes or the process stops. What the client wants stands
/// in its request, and nothing else comes from it.
/// </summary>
internal sealed partial class EventStreamChannel : ClientChannel
{
    private readonly EventStreamWriter _output;
    private readonly ChannelServices _services;
    private readonly CancellationToken _gone;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private IReadOnlyList<ReadOnlyMemory<byte>> _messages;

    // Null from the end on: the web server uses it again for other requests.
    private HttpContext? _context;

    /// <param name="context">The request, whose answer has begun.</param>
    /// <param name="output">Writes its body.</param>
    /// <param name="client">Whose share it counts to; null: nobody's.</param>
    /// <param name="messages">What its session is to be told first.</param>
    /// <param name="services">What all channels need.</param>
    /// <param name="gone">Says that the client went away.</param>
    public EventStreamChannel(
        HttpContext context, EventStreamWriter output, ClientNetwork? client, IReadOnlyList<ReadOnlyMemory<byte>> messages,
        ChannelServices services, CancellationToken gone)
        : base(context.TraceIdentifier, client, EventStreamFraming.Instance, output, services) =>
        (_context, _output, _messages, _services, _gone) = (context, output, messages, services, gone);

    /// <inheritdoc/>
    protected override long LastHeard => _output.LastTaken;

    /// <inheritdoc/>
    public override async Task RunAsync(IClientSession session)
    {
        using (_gone.UnsafeRegister(static channel => ((EventStreamChannel)channel!)._over.TrySetResult(), this))
        {
            try
            {
                // The headers go along with it, so that the client knows at once that it is connected.
                Queue.Ping(Framing.Ping);
                await TellAsync(session);
                await _over.Task;
                if (!IsClosing) Log.Gone(_services.Logger, Id);
            }
            catch (Exception exception)
            {
                Log.Failed(_services.Logger, exception, Id);
                Close(CloseReason.InternalError);
            }

            if (Closing is { } closing) await closing;
        }

        await EndAsync();
    }

    /// <inheritdoc/>
    public override void Abort()
    {
        lock (_lock) _context?.Abort();
        _over.TrySetResult();
    }

    /// <summary>The end of the body is the only farewell that there is, and the client has no answer to it.</summary>
    protected override Task SayFarewellAsync(CloseReason reason, CancellationToken cancellationToken)
    {
        _over.TrySetResult();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override bool IsDisconnect(Exception exception) => exception is IOException or OperationCanceledException;

    private async ValueTask TellAsync(IClientSession session)
    {
        var messages = _messages;
        _messages = [];
        foreach (var message in messages)
        {
            // A message may have the disk read, or thousands of events sent: not on the thread that watches the sockets.
            if (!Thread.CurrentThread.IsThreadPoolThread) await Task.Yield();
            ProcessorTurn.GiveWay();
            if (IsClosing || _gone.IsCancellationRequested) return;

            await session.ReceiveAsync(message, isText: true);
        }
    }

    // When the request is over, nothing may be under way any more that belongs to it.
    private async Task EndAsync()
    {
        var sent = Queue.CloseAsync(sendWaiting: false);
        try
        {
            await sent.WaitAsync(_services.Options.CloseTimeout, _services.Clock);
        }
        catch (TimeoutException)
        {
            Abort();
            await sent;
        }

        lock (_lock) _context = null;
    }

    private static partial class Log
    {
        [LoggerMessage(8031, LogLevel.Debug, "The client of an event stream went (connection {ConnectionId})")]
        public static partial void Gone(ILogger logger, string connectionId);

        [LoggerMessage(8032, LogLevel.Error, "An event stream failed (connection {ConnectionId})")]
        public static partial void Failed(ILogger logger, Exception exception, string connectionId);
    }
}
