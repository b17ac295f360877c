using Teal.Listener.Http;
using Teal.Tests.Support;

namespace Teal.Tests.Listener.Http;

/// <summary>However many long bodies come, one at a time is read on.</summary>
public sealed class BodyTurnsTests
{
    private readonly BodyTurns _turns = new();

    [Test]
    public async Task NextAsync_OfManyAtOnce_IsOneAtATimeInTheOrderOfTheirNumbers()
    {
        var order = new List<long>();
        var (inside, most) = (0, 0);
        for (var i = 0; i < BodyTurns.MostWhole; i++) _turns.BeginWhole();
        long[] numbers = [.. Enumerable.Range(0, 200).Select(_ => _turns.Enter())];
        var all = numbers.Reverse().Select(TakeAsync).ToArray();
        order.Should().BeEmpty("as none is read while so many wait for their answers");

        _turns.EndWhole();
        await Task.WhenAll(all).WithinLimit();

        order.Should().Equal(numbers);
        most.Should().Be(1);

        async Task TakeAsync(long number)
        {
            await _turns.NextAsync(number);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            order.Add(number);
            Interlocked.Decrement(ref inside);
        }
    }

    [Test]
    public async Task NextAsync_WhileOthersAddAndEnd_LosesNone()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                var number = _turns.Enter();
                for (var piece = 0; piece < 4; piece++) await _turns.NextAsync(number);
                _turns.BeginWhole();
                if (i % 3 == 0) await Task.Yield();
                _turns.EndWhole();
            }
        }))).WithinLimit();
    }
}
