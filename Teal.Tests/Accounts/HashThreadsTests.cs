using Teal.Accounts.Hashing;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

public sealed class HashThreadsTests
{
    [Test]
    public async Task TryRun_MoreThanThreadsAndQueueTake_IsRefusedAtOnce()
    {
        using var go = new ManualResetEventSlim();
        using var threads = new HashThreads(new HashingOptions { Threads = 2, QueueLength = 3 });
        var running = 0;
        Task<int>?[] begun = [Begin(), Begin()];
        await Eventually.HoldsAsync(() => Volatile.Read(ref running) == 2, "both threads at work");
        threads.IsHalfFree.Should().BeTrue();
        Task<int>?[] waiting = [Begin(), Begin(), Begin()];

        waiting.Should().NotContainNulls();
        threads.IsHalfFree.Should().BeFalse();
        Begin().Should().BeNull();
        go.Set();
        (await Task.WhenAll(begun.Concat(waiting).Select(static task => task!)).WithinLimit()).Should().Equal(7, 7, 7, 7, 7);

        Task<int>? Begin() => threads.TryRun(() =>
        {
            Interlocked.Increment(ref running);
            go.Wait();
            return 7;
        });
    }

    [Test]
    public async Task TryRun_WorkThatFails_FailsAloneAndTheThreadGoesOn()
    {
        using var threads = new HashThreads(new HashingOptions { Threads = 1 });

        await FluentActions.Awaiting(() => threads.TryRun<int>(static () => throw new InvalidOperationException())!.WithinLimit())
            .Should().ThrowAsync<InvalidOperationException>();
        (await threads.TryRun(static () => 7)!.WithinLimit()).Should().Be(7);
    }

    [Test]
    public async Task TryRun_WhileTheProcessStops_LeavesUndoneWhatWaits()
    {
        using var go = new ManualResetEventSlim();
        using var threads = new HashThreads(new HashingOptions { Threads = 1 });
        var begun = threads.TryRun(() =>
        {
            go.Wait();
            return 7;
        })!;
        await Eventually.HoldsAsync(() => threads.Done == 1, "a thread at work");
        var waiting = threads.TryRun(static () => 8)!;

        await threads.DrainAsync(CancellationToken.None);

        await FluentActions.Awaiting(() => begun.WithinLimit()).Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(() => waiting.WithinLimit()).Should().ThrowAsync<OperationCanceledException>();
        go.Set();
        await Eventually.HoldsAsync(() => threads.Waiting == 0, "an empty queue");
        threads.Done.Should().Be(1);
    }

    [Test]
    public void TryRun_AfterTheEnd_IsRefused()
    {
        var threads = new HashThreads(new HashingOptions());
        threads.Dispose();

        threads.TryRun(static () => 7).Should().BeNull();
    }
}
