using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.RabbitMq;
using Teal.Tests.Support;

namespace Teal.Tests.RabbitMq;

public sealed class LongPublicationsTests
{
    private static readonly CallbackEvent Long = new(DateTime.UnixEpoch, new string('x', 40_000), "a"),
        Behind = new(DateTime.UnixEpoch, "x", "a"), Other = new(DateTime.UnixEpoch, "x", "b");

    private readonly LongPublications _publications = new();

    [Test]
    public async Task Takes_WhatIsLongAndWhatComesBehindIt()
    {
        Long.IsLong.Should().BeTrue();
        _publications.Takes(Long).Should().BeTrue();
        _publications.Takes(Behind).Should().BeFalse("there is nothing to overtake");

        var publishing = new TaskCompletionSource();
        var running = _publications.RunAsync(Long.Topic, () => publishing.Task);
        _publications.Takes(Behind).Should().BeTrue();
        _publications.Takes(Other).Should().BeFalse();
        _publications.IsLast.Should().BeTrue();

        publishing.SetResult();
        await running.WithinLimit();
        _publications.Takes(Behind).Should().BeFalse();
    }

    [Test]
    public async Task Run_BehindOneThatFails_IsInItsTurn()
    {
        var publishing = new TaskCompletionSource();
        var failing = _publications.RunAsync(Long.Topic, () => publishing.Task);
        var isPublished = false;
        var next = _publications.RunAsync(Other.Topic, () =>
        {
            isPublished = true;
            return Task.CompletedTask;
        });
        isPublished.Should().BeFalse();

        publishing.SetException(new IOException());
        await FluentActions.Awaiting(() => failing.WithinLimit()).Should().ThrowAsync<IOException>();
        await next.WithinLimit();
        isPublished.Should().BeTrue();
    }
}
