using System.Diagnostics;
using System.IO.Pipelines;
using Teal.Host.Serving;
using Teal.Tests.Support;

namespace Teal.Tests.Host;

/// <summary>Who reads on a thread that is not the pool's stays there for a while only.</summary>
[NonParallelizable]
public sealed class FairTransportTests
{
    private Pipe _pipe = null!;
    private PipeReader _reader = null!;

    [SetUp]
    public void Open()
    {
        // As the web server's: who reads goes on where something was written.
        _pipe = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        _reader = new FairTransport(new Transport(_pipe.Reader, _pipe.Writer)).Input;
    }

    [Test]
    public async Task Read_WithPauses_StaysOnItsThread() => (await ServeAsync(1000, static _ => TimeSpan.Zero)).Should().Be(1000);

    [Test]
    public async Task Read_OnAThreadThatIsStoppedOnce_StaysThere() =>
        (await ServeAsync(1000, static piece => piece == 500 ? TimeSpan.FromMilliseconds(7) : TimeSpan.Zero)).Should().Be(1000);

    [Test]
    public async Task Read_WhileGarbageIsCollected_StaysOnItsThread() => (await ServeAsync(1000, static piece =>
    {
        if (piece != 500) return TimeSpan.Zero;

        GC.Collect(0);
        return TimeSpan.FromMilliseconds(30);
    })).Should().Be(1000);

    [TestCase(1000, 1)]
    [TestCase(300, 4)]
    public Task Read_WithMuchWork_GoesOnOnThePool(int pieces, int milliseconds) =>

        // A thread that others keep from its processor is not busy; then another try tells.
        Eventually.HoldsAsync(async () =>
        {
            Open();
            return await ServeAsync(pieces, _ => TimeSpan.FromMilliseconds(milliseconds)) < 100;
        }, "less than 100 pieces on the thread");

    [Test]
    public async Task Read_OfWhatIsThereWithoutAPause_GivesWay()
    {
        await _pipe.Writer.WriteAsync(new byte[] { 1, 2, 3 });
        var immediate = 0;
        for (; immediate < 1000; immediate++)
        {
            var reading = _reader.ReadAsync();
            var isHere = reading.IsCompleted;
            var buffer = (await reading).Buffer;
            buffer.Length.Should().Be(3);
            _reader.AdvanceTo(buffer.Start);
            if (!isHere) break;
        }

        immediate.Should().BePositive().And.BeLessThan(100);
        await _pipe.Writer.CompleteAsync();
        (await _reader.ReadAsync().AsTask().WithinLimit()).IsCompleted.Should().BeTrue();
    }

    // How many of the pieces that a thread writes were read on it.
    private async Task<int> ServeAsync(int pieces, Func<int, TimeSpan> work)
    {
        var (own, writer) = (0, 0);
        var reading = ReadAsync();

        // Stands for one that watches sockets, and is not left while it writes.
        var thread = new Thread(() =>
        {
            writer = Environment.CurrentManagedThreadId;
            for (var i = 0; i < pieces; i++) _pipe.Writer.WriteAsync(new byte[] { 1 }).AsTask().GetAwaiter().GetResult();
            _pipe.Writer.Complete();
        });
        thread.IsBackground = true;
        thread.Start();
        await reading.WithinLimit();
        return own;

        async Task ReadAsync()
        {
            for (var piece = 0; ; piece++)
            {
                var result = await _reader.ReadAsync();
                _reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return;

                if (Environment.CurrentManagedThreadId == Volatile.Read(ref writer)) own++;
                var time = work(piece);
                for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < time;) Thread.SpinWait(100);
            }
        }
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
