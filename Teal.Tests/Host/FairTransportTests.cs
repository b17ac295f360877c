using System.IO.Pipelines;
using Teal.Host.Serving;
using Teal.Tests.Support;

namespace Teal.Tests.Host;

/// <summary>Who reads on a thread that is not the pool's stays there for a while only.</summary>
public sealed class FairTransportTests
{
    private Pipe _pipe = null!;
    private PipeReader _reader = null!;

    [SetUp]
    public async Task Fill()
    {
        _pipe = new Pipe();
        _reader = new FairTransport(new Transport(_pipe.Reader, _pipe.Writer)).Input;
        await _pipe.Writer.WriteAsync(new byte[] { 1, 2, 3 });
    }

    [Test]
    public async Task Read_AFewTimes_StaysOnItsThread() => (await OnAThreadAsync(100)).Should().BeTrue();

    [Test]
    public async Task Read_AgainAndAgain_GoesOnOnThePool() => (await OnAThreadAsync(1_000_000)).Should().BeFalse();

    [Test]
    public async Task Read_OnThePool_ReturnsWhatThereIsAndLosesNothing()
    {
        for (var i = 0; i < 1_000_000; i++)
        {
            var reading = _reader.ReadAsync();
            var isHere = reading.IsCompleted;
            var buffer = (await reading).Buffer;
            buffer.Length.Should().Be(3);
            _reader.AdvanceTo(buffer.Start);
            if (!isHere) break;
        }

        await _pipe.Writer.CompleteAsync();
        var last = await _reader.ReadAsync().AsTask().WithinLimit();
        last.Buffer.Length.Should().Be(3);
        last.IsCompleted.Should().BeTrue();
    }

    // Whether it read so often without leaving the thread.
    private Task<bool> OnAThreadAsync(int reads)
    {
        var stayed = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            for (var i = 0; i < reads; i++)
            {
                var reading = _reader.ReadAsync();
                if (!reading.IsCompleted)
                {
                    stayed.SetResult(false);
                    return;
                }

                _reader.AdvanceTo(reading.Result.Buffer.Start);
            }

            stayed.SetResult(true);
        });
        thread.IsBackground = true;
        thread.Start();
        return stayed.Task.WithinLimit();
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
