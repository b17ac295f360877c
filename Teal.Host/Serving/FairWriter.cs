using System.Buffers;
using System.IO.Pipelines;

namespace Teal.Host.Serving;

/// <summary>
/// What a connection sends. What the web server answers by itself, before a request reaches this program, has neither an id
/// nor a text: it is rewritten (<see cref="OwnAnswer"/>).
/// </summary>
/// <param name="output">The connection's.</param>
/// <param name="connection">Hears of such an answer, and gives its id.</param>
internal sealed class FairWriter(PipeWriter output, EndpointConnection connection) : PipeWriter
{
    private ArrayBufferWriter<byte>? _held;
    private bool _holds;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => output.UnflushedBytes + (_held?.WrittenCount ?? 0);

    /// <summary>Whether the connection goes on elsewhere: who completes this does not end it.</summary>
    public bool IsGivenAway { get; set; }

    /// <summary>The web server looks for a request: what it sends next, it answers by itself, or is the end of the answer before.</summary>
    public void AwaitRequest() => _holds = true;

    /// <summary>A request has reached this program.</summary>
    public void BeginRequest()
    {
        Release();
        _holds = false;
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => _holds ? Held.GetMemory(sizeHint) : output.GetMemory(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => _holds ? Held.GetSpan(sizeHint) : output.GetSpan(sizeHint);

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (_holds) Held.Advance(bytes);
        else output.Advance(bytes);
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Release();
        return output.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (!_holds) return output.WriteAsync(source, cancellationToken);

        Held.Write(source.Span);
        return FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => output.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        if (IsGivenAway) return;

        Release();
        output.Complete(exception);
    }

    private ArrayBufferWriter<byte> Held => _held ??= new ArrayBufferWriter<byte>(OwnAnswer.TypicalLength);

    private void Release()
    {
        if (_held is not { WrittenCount: > 0 } held) return;

        output.Write(OwnAnswer.TryReadStatus(held.WrittenSpan, out var status)
            ? OwnAnswer.Render(held.WrittenSpan, status, connection.Refuse(status)) : held.WrittenSpan);
        _held = null;
    }
}
