using Teal.Client;

namespace Teal.Tests.Client;

public sealed class BackoffTests
{
    [Test]
    public void Next_TimeAndAgain_DoublesUpToHalfAMinuteOfWhichAPartIsRandom()
    {
        var backoff = new Backoff();

        foreach (var step in new[] { 0.5, 1, 2, 4, 8, 16, 30, 30 }) backoff.Next().TotalSeconds.Should().BeInRange(step / 2, step);
        backoff.Reset();
        backoff.Next().TotalSeconds.Should().BeInRange(0.25, 0.5);
    }
}
