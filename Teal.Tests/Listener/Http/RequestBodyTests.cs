using System.IO.Pipelines;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Addresses;
using Teal.Core.Kinds;
using Teal.Core.Wire;
using Teal.Listener;
using Teal.Listener.Http;
using Teal.Tests.Support;

namespace Teal.Tests.Listener.Http;

/// <summary>What bodies take of their budget, and whom it has go where it is spent (specification 7.1).</summary>
public sealed class RequestBodyTests
{
    private const int KiB = 1024, Longest = 1024 * KiB;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private ManualTimeProvider _clock = null!;
    private BodyBudget _budget = null!;

    [SetUp]
    public void Create()
    {
        _clock = new ManualTimeProvider();
        _budget = BudgetOf(64 * 1024 * KiB);
    }

    [Test]
    public void ReadAsync_AnyPieces_GivesThemInOnePieceAndHoldsJustThat() => Prop.ForAll<byte[][], bool>((pieces, isAnnounced) =>
    {
        var sent = (pieces ?? []).SelectMany(static piece => piece ?? []).ToArray();
        var pipe = NewPipe();
        using var body = new RequestBody(_budget, new BodyTurns(), pipe.Reader, isAnnounced ? sent.Length : null, Longest);
        var reading = body.ReadAsync(_clock, Timeout).AsTask();
        // A property cannot wait; nor is there anything to wait for, as the pipe has no bound.
        foreach (var piece in pieces ?? []) pipe.Writer.WriteAsync(piece).AsTask().Wait();
        pipe.Writer.Complete();

        return reading.Result && body.Bytes.Span.SequenceEqual(sent) && _budget.Taken == sent.Length;
    }).QuickCheckThrowOnFailure();

    [TestCase(Longest, false)]
    [TestCase(Longest, true)]
    [TestCase(100, true)]
    [TestCase(4096, true)]
    [TestCase(300_001, false)]
    public async Task ReadAsync_ALongBody_HoldsAtMostTwiceWhatHasComeAndNothingOnceItIsDisposed(int length, bool isAnnounced)
    {
        var sent = new byte[length];
        new Random(3).NextBytes(sent);
        var pipe = NewPipe();
        using var body = new RequestBody(_budget, new BodyTurns(), pipe.Reader, isAnnounced ? length : null, Longest);
        var reading = body.ReadAsync(_clock, Timeout).AsTask();
        for (var i = 0; i < length; i += 1000)
        {
            var come = Math.Min(length, i + 1000);
            await pipe.Writer.WriteAsync(sent.AsMemory(i..come));
            await Eventually.HoldsAsync(() => _budget.Taken >= come, "a piece");
            _budget.Taken.Should().BeInRange(come, Math.Max(4 * KiB, 2 * come));
        }

        await pipe.Writer.CompleteAsync();

        (await reading.WithinLimit()).Should().BeTrue();
        body.Bytes.ToArray().Should().Equal(sent);
        _budget.Taken.Should().Be(length);
        body.Dispose();
        _budget.Taken.Should().Be(0);
    }

    [Test]
    public void ReadAsync_WithoutAByte_TakesNothing()
    {
        var (body, reading, _) = Begin(Longest);
        using (body) _budget.Taken.Should().Be(0);
        reading.IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task ReadAsync_NotWholeInTime_EndsAndGivesBackWhatItTook()
    {
        var (body, reading, pipe) = Begin(Longest);
        for (var second = 0; second < 29; second++)
        {
            await pipe.Writer.WriteAsync(new byte[KiB]);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        reading.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await reading.WithinLimit()).Should().BeFalse();
        body.Fault.Should().Be(BodyFault.TooSlow);
        _budget.Taken.Should().Be(0);
        body.Dispose();
        _budget.Taken.Should().Be(0);
    }

    [Test]
    public async Task ReadAsync_Ended_LeavesTheReaderToTheWebServer()
    {
        var (body, reading, pipe) = Begin(Longest);
        await pipe.Writer.WriteAsync(new byte[KiB]);
        _budget.Close();
        (await reading.WithinLimit()).Should().BeFalse();
        body.Dispose();

        // It reads what still comes, to its end.
        await pipe.Writer.WriteAsync(new byte[] { 7 });
        await pipe.Writer.CompleteAsync();
        var rest = await pipe.Reader.ReadAsync();

        rest.Buffer.FirstSpan.ToArray().Should().Equal(7);
        rest.IsCompleted.Should().BeTrue();
    }

    [Test]
    public async Task ReadAsync_AWholeBody_IsNotEndedAnyMore()
    {
        var (body, reading, pipe) = Begin(2);
        await pipe.Writer.WriteAsync(new byte[2]);
        await pipe.Writer.CompleteAsync();
        (await reading.WithinLimit()).Should().BeTrue();

        _clock.Advance(Timeout);
        _budget.Close();

        body.Fault.Should().BeNull();
        _budget.Taken.Should().Be(2);
        body.Dispose();
    }

    [Test]
    public async Task ReadAsync_WhileTheBudgetIsClosed_EndsAtOnce()
    {
        _budget.Close();

        var (body, reading, _) = Begin(Longest);

        (await reading.WithinLimit()).Should().BeFalse();
        body.Fault.Should().Be(BodyFault.Stopping);
    }

    [Test]
    public async Task ReadAsync_MoreThanTheBudgetHas_EndsWhoeverTakesMost()
    {
        _budget = BudgetOf(512 * KiB);
        var (large, readingLarge, largePipe) = Begin(Longest);
        var (middle, readingMiddle, middlePipe) = Begin(Longest);
        await largePipe.Writer.WriteAsync(new byte[400 * KiB]);
        await middlePipe.Writer.WriteAsync(new byte[48 * KiB]);
        await HoldsAsync(large, 400 * KiB);

        var (small, readingSmall, smallPipe) = Begin(40 * KiB);
        await smallPipe.Writer.WriteAsync(new byte[40 * KiB]);
        await smallPipe.Writer.CompleteAsync();

        (await readingSmall.WithinLimit()).Should().BeTrue();
        (await readingLarge.WithinLimit()).Should().BeFalse();
        large.Fault.Should().Be(BodyFault.NoRoom);
        readingMiddle.IsCompleted.Should().BeFalse();
        _budget.Taken.Should().Be(small.Held + middle.Held);
    }

    [Test]
    public async Task ReadAsync_WhatTakesMostAsksForMore_IsEndedItself()
    {
        _budget = BudgetOf(512 * KiB);
        var (other, readingOther, otherPipe) = Begin(Longest);
        await otherPipe.Writer.WriteAsync(new byte[200 * KiB]);
        await HoldsAsync(other, 200 * KiB);

        var (body, reading, pipe) = Begin(Longest);
        await pipe.Writer.WriteAsync(new byte[200 * KiB]);
        await HoldsAsync(body, 200 * KiB);
        await pipe.Writer.WriteAsync(new byte[200 * KiB]);

        (await reading.WithinLimit()).Should().BeFalse();
        body.Fault.Should().Be(BodyFault.NoRoom);
        readingOther.IsCompleted.Should().BeFalse();
        other.Fault.Should().BeNull();
    }

    [Test]
    public async Task ReadAsync_MoreThanTheBudgetHas_EndsABodyOfTheClientThatTakesMost()
    {
        _budget = BudgetOf(512 * KiB);
        var many = new List<(RequestBody Body, Task<bool> Reading, Pipe Pipe)>();
        for (var i = 0; i < 7; i++)
        {
            many.Add(Begin(Longest, "192.0.2.1"));
            await many[i].Pipe.Writer.WriteAsync(new byte[60 * KiB]);
        }

        var (other, readingOther, otherPipe) = Begin(Longest, "192.0.2.2");
        await otherPipe.Writer.WriteAsync(new byte[100 * KiB]);
        await HoldsAsync(other, 100 * KiB);
        await otherPipe.Writer.CompleteAsync();

        (await readingOther.WithinLimit()).Should().BeTrue("the others are one client's, and take more");
        many.Count(static one => one.Body.Fault == BodyFault.NoRoom).Should().BeInRange(1, 6);
    }

    [Test]
    public async Task ReadAsync_ALongBodyBesideShortOnesOfUnknownClientsThatStall_IsRead()
    {
        _budget = BudgetOf(512 * KiB);
        var stalled = await BeginUnfinishedAsync(8, 60 * KiB);
        _clock.Advance(TimeSpan.FromSeconds(5));
        var (body, reading, pipe) = Begin(Longest);
        for (var i = 0; i < 2; i++)
        {
            await pipe.Writer.WriteAsync(new byte[50 * KiB]);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        await pipe.Writer.CompleteAsync();

        (await reading.WithinLimit()).Should().BeTrue("the others take less each, and have done so for longer");
        stalled.Count(static one => one.Fault == BodyFault.NoRoom).Should().BeInRange(1, 7);
    }

    [Test]
    public async Task ReadAsync_AWholeBodyBesideUnfinishedOnesThatTakeAll_IsMadeOne()
    {
        _budget = BudgetOf(2 * Longest);
        var unfinished = await BeginUnfinishedAsync(2, Longest - (64 * KiB));

        var (body, reading, pipe) = Begin(Longest);
        await pipe.Writer.WriteAsync(new byte[800 * KiB]);
        await pipe.Writer.CompleteAsync();

        (await reading.WithinLimit()).Should().BeTrue();
        unfinished.Should().AllSatisfy(static one => one.Fault.Should().Be(BodyFault.NoRoom));
    }

    [Test]
    public async Task ReadAsync_WholeBodiesTakeAll_EndsTheNewOne()
    {
        _budget = BudgetOf(512 * KiB);
        var (whole, readingWhole, wholePipe) = Begin(256 * KiB);
        await wholePipe.Writer.WriteAsync(new byte[256 * KiB]);
        await wholePipe.Writer.CompleteAsync();
        (await readingWhole.WithinLimit()).Should().BeTrue();
        whole.TryBecome(new PowensWebhookEvent(default, "", "", null, null, new Utf8Text(new byte[512 * KiB]))).Should().BeTrue();

        var (body, reading, pipe) = Begin(2);
        await pipe.Writer.WriteAsync(new byte[2]);

        (await reading.WithinLimit()).Should().BeFalse();
        body.Fault.Should().Be(BodyFault.NoRoom);
        whole.Fault.Should().BeNull();
        whole.Dispose();
        _budget.Taken.Should().Be(0);
    }

    [Test]
    public async Task TryBecome_AnEventOfMoreThanIsLeft_IsRefused()
    {
        _budget = BudgetOf(16 * KiB);
        var (body, reading, pipe) = Begin(4 * KiB);
        await pipe.Writer.WriteAsync(new byte[4 * KiB]);
        await pipe.Writer.CompleteAsync();
        (await reading.WithinLimit()).Should().BeTrue();

        body.TryBecome(new CallbackEvent(default, new string('x', 8 * KiB), "")).Should().BeTrue();
        _budget.Taken.Should().Be(16 * KiB);
        body.TryBecome(new CallbackEvent(default, new string('x', 8 * KiB), "s")).Should().BeFalse();
    }

    [Test]
    public async Task ReadAsync_ManyAtOnceAndEndedAtRandom_GivesAllBack()
    {
        _budget = BudgetOf(1024 * KiB);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 300; i++)
            {
                var pipe = NewPipe();
                using var body = new RequestBody(_budget, new BodyTurns(), pipe.Reader, null, Longest);
                var reading = body.ReadAsync(TimeProvider.System, TimeSpan.FromMilliseconds(random.Next(1, 20))).AsTask();
                for (var pieces = random.Next(6); pieces > 0 && !reading.IsCompleted; pieces--)
                {
                    // A reader that was ended reads no more.
                    await Task.WhenAny(pipe.Writer.WriteAsync(new byte[random.Next(1, 100 * KiB)]).AsTask(), reading);
                    if (random.Next(3) == 0) await Task.Yield();
                }

                if (random.Next(2) == 0) pipe.Writer.Complete();
                var isRead = await reading.WithinLimit();
                isRead.Should().Be(body.Fault is null);
            }
        })));

        _budget.Taken.Should().Be(0);
    }

    // What is written is read before the writer goes on.
    private static Pipe NewPipe() =>
        new(new PipeOptions(null, PipeScheduler.Inline, PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));

    private BodyBudget BudgetOf(long size) =>
        new(new ListenerOptions { BodyBudget = size }, _clock, NullLogger<BodyBudget>.Instance);

    private static Task HoldsAsync(RequestBody body, int least) => Eventually.HoldsAsync(() => body.Held >= least, "what was sent");

    private async Task<List<RequestBody>> BeginUnfinishedAsync(int count, int size)
    {
        var bodies = new List<RequestBody>();
        for (var i = 0; i < count; i++)
        {
            var (body, _, pipe) = Begin(Longest);
            bodies.Add(body);
            await pipe.Writer.WriteAsync(new byte[size]);
            await HoldsAsync(body, size);
        }

        return bodies;
    }

    private (RequestBody Body, Task<bool> Reading, Pipe Pipe) Begin(int longest, string? address = null)
    {
        var pipe = NewPipe();
        var client = address is null ? (ClientNetwork?)null : ClientNetwork.Of(IPAddress.Parse(address));
        var body = new RequestBody(_budget, new BodyTurns(), pipe.Reader, null, longest) { Client = client };
        return (body, body.ReadAsync(_clock, Timeout).AsTask(), pipe);
    }
}
