using System.IO.Pipelines;
using Teal.Host.Serving;
using Teal.Tests.Support;

namespace Teal.Tests.Host;

/// <summary>Connections that come at once are accepted a few at a time.</summary>
public sealed class ArrivalsTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Arrivals _arrivals = new();

    [SetUp]
    public void Fill()
    {
        for (var i = 0; i < Arrivals.Size; i++) _arrivals.TryAdd().Should().BeTrue();
        _arrivals.TryAdd().Should().BeFalse();
    }

    [Test]
    public async Task WhenServed_AllWereServed_Completes()
    {
        var served = _arrivals.WhenServedAsync(_clock);
        for (var i = 0; i < Arrivals.Size; i++)
        {
            served.IsCompleted.Should().BeFalse();
            _arrivals.Leave();
        }

        await served.WithinLimit();
    }

    [Test]
    public async Task WhenServed_OneTakesLong_CompletesWithoutIt()
    {
        var served = _arrivals.WhenServedAsync(_clock);
        for (var i = 1; i < Arrivals.Size; i++) _arrivals.Leave();
        served.IsCompleted.Should().BeFalse();

        _clock.Advance(TimeSpan.FromMilliseconds(4));
        await served.WithinLimit();
    }

    [TestCase("says nothing")]
    [TestCase("was served")]
    [TestCase("is over")]
    public async Task Connection_ThatNeedsNothingMore_LeavesOnce(string how)
    {
        var pipe = new Pipe();
        var transport = new FairTransport(new Transport(pipe.Reader, pipe.Writer), _arrivals);
        for (var i = 1; i < Arrivals.Size; i++) _arrivals.Leave();
        var served = _arrivals.WhenServedAsync(_clock);

        if (how == "was served")
        {
            await pipe.Writer.WriteAsync(new byte[100]);
            var read = await transport.Input.ReadAsync();
            served.IsCompleted.Should().BeFalse("it is being served");
            transport.Input.AdvanceTo(read.Buffer.End);
        }

        if (how == "is over") transport.End();
        else _ = transport.Input.ReadAsync().AsTask();
        await served.WithinLimit();
        transport.End();
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
