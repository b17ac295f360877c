using Teal.Accounts.Hashing;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

public sealed class HashThreadsTests
{
    [Test]
    public async Task TryRun_MoreThanThreadsAndQueueTake_IsRefusedAtOnce()
    {
        using var go = new ManualResetEventSlim();
        using var threads = new HashThreads(new HashingOptions { Threads = 2, QueueLength = 3 }, TimeProvider.System);
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
        using var threads = new HashThreads(new HashingOptions { Threads = 1 }, TimeProvider.System);

        await FluentActions.Awaiting(() => threads.TryRun<int>(static () => throw new InvalidOperationException())!.WithinLimit())
            .Should().ThrowAsync<InvalidOperationException>();
        (await threads.TryRun(static () => 7)!.WithinLimit()).Should().Be(7);
    }

    [Test]
    public async Task TryRun_WhileTheProcessStops_LeavesUndoneWhatWaits()
    {
        using var go = new ManualResetEventSlim();
        using var threads = new HashThreads(new HashingOptions { Threads = 1 }, TimeProvider.System);
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
        var threads = new HashThreads(new HashingOptions(), TimeProvider.System);
        threads.Dispose();

        threads.TryRun(static () => 7).Should().BeNull();
    }

    // As where other programs take the processor: the thread that began with it does not come on.
    [Test]
    public async Task TryRun_WorkThatDoesNotComeOn_IsDoneByTheThreadThatHelps()
    {
        using var go = new ManualResetEventSlim();
        var clock = new ManualTimeProvider();
        using var threads = new HashThreads(new HashingOptions { Threads = 1, Patience = TimeSpan.FromSeconds(2) }, clock);
        var begun = 0;
        var stuck = threads.TryRun(() =>
        {
            if (Interlocked.Increment(ref begun) > 1) return 7;
            go.Wait();
            return 8;
        })!;
        var behind = threads.TryRun(static () => 9)!;
        await Eventually.HoldsAsync(() => Volatile.Read(ref begun) == 1, "a thread at work");

        clock.Advance(TimeSpan.FromSeconds(1.9));
        stuck.IsCompleted.Should().BeFalse();
        clock.Advance(TimeSpan.FromSeconds(0.2));

        (await stuck.WithinLimit()).Should().Be(7);
        (await behind.WithinLimit()).Should().Be(9);
        go.Set();
        (await threads.TryRun(static () => 10)!.WithinLimit()).Should().Be(10);
        threads.Done.Should().Be(3, "what is computed twice counts once");
    }

    // The pool gets new threads while results are told. A thread has the priority of the one that starts it.
    [Test]
    public async Task TryRun_ResultsThatNeedNewThreadsOfThePool_LeaveThemTheirPriority()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Priorities of threads are Linux'.");
        const int Works = 16;
        var usual = PriorityOfThisThread();
        ThreadPool.GetMinThreads(out var least, out var leastOfPorts);
        ThreadPool.SetMinThreads(least + Works, leastOfPorts).Should().BeTrue();
        try
        {
            using var all = new CountdownEvent(Works);
            using var threads = new HashThreads(new HashingOptions { Threads = 2 }, TimeProvider.System);

            var told = await Task.WhenAll(Enumerable.Range(0, Works).Select(async _ =>
            {
                var own = await threads.TryRun(PriorityOfThisThread)!;
                all.Signal();
                all.Wait(Eventually.Limit);
                return (Own: own, Theirs: PriorityOfThisThread());
            })).WithinLimit();

            told.Should().OnlyContain(static priority => priority.Own.EndsWith("policy 5", StringComparison.Ordinal));
            told.Should().OnlyContain(priority => priority.Theirs == usual);
        }
        finally
        {
            ThreadPool.SetMinThreads(least, leastOfPorts);
        }
    }

    // proc(5): the 19th and the 41st field; the second is a name in parentheses.
    private static string PriorityOfThisThread()
    {
        var fields = File.ReadAllText("/proc/thread-self/stat").Split(") ")[^1].Split(' ');
        return $"niceness {fields[19 - 3]}, policy {fields[41 - 3]}";
    }
}
