using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;

namespace Teal.Tests.Core;

public sealed class TopicHashTests
{
    [Test]
    public void Of_ManyTopicsInTurn_IsEachOnesOwn()
    {
        // Some share their place among those that are remembered.
        for (var turn = 0; turn < 2; turn++)
        {
            for (var i = 0; i < 20_000; i++)
            {
                var topic = new Topic(EventKinds.All[i % 3], $"state-{i / 3}");
                if (!TopicHash.Of(topic).AsSpan().SequenceEqual(Expected(topic))) Assert.Fail($"{i} in turn {turn}");
            }
        }
    }

    [Test]
    public void Of_AnyKeyTwice_IsTheSameAsHashedAnew() =>
        Prop.ForAll<NonNull<string>, PositiveInt>((any, times) =>
        {
            var topic = new Topic(EventKinds.Callback, string.Concat(Enumerable.Repeat(any.Get, times.Get)));
            return TopicHash.Of(topic).AsSpan().SequenceEqual(Expected(topic))
                && TopicHash.Of(topic).AsSpan().SequenceEqual(Expected(topic));
        }).QuickCheckThrowOnFailure();

    [Test]
    public async Task Of_ManyThreadsAtOnce_IsEachOnesOwn() =>
        (await Task.WhenAll(Enumerable.Range(0, 4).Select(static thread => Task.Run(() => Enumerable.Range(0, 50_000).All(i =>
        {
            var topic = new Topic(EventKinds.Callback, $"state-{(i * (thread + 1)) % 9973}");
            return TopicHash.Of(topic).AsSpan().SequenceEqual(Expected(topic));
        }))))).Should().OnlyContain(static right => right);

    private static byte[] Expected(Topic topic) =>
        SHA256.HashData([topic.Kind.Number, .. Encoding.UTF8.GetBytes(topic.Key)])[..TopicHash.Length];
}
