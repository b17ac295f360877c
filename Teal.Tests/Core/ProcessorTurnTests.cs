using System.Diagnostics;
using Teal.Core.Hosting;

namespace Teal.Tests.Core;

[Platform("Linux")]
[NonParallelizable]
public sealed class ProcessorTurnTests
{
    private static readonly long Millisecond = Stopwatch.Frequency / 1_000;

    [Test]
    public void Used_IsNotWhatTheThreadSlept()
    {
        ProcessorTurn.GiveWay();
        var began = Stopwatch.GetTimestamp();

        // Not a wait for something: the time without the processor is what is measured.
        Thread.Sleep(50);

        var slept = Stopwatch.GetTimestamp() - began;
        ProcessorTurn.Used(slept).Should().BeLessThan(slept - (20 * Millisecond));
    }

    [Test]
    public void Used_IsWhatTheThreadWorked()
    {
        ProcessorTurn.GiveWay();
        var began = Stopwatch.GetTimestamp();

        while (ProcessorTurn.Used(long.MaxValue) < 20 * Millisecond)
        {
        }

        (Stopwatch.GetTimestamp() - began).Should().BeGreaterThanOrEqualTo(19 * Millisecond);
    }
}
