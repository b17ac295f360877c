using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Addresses;
using Teal.Host.Serving;
using Teal.Tests.Support;

namespace Teal.Tests.Host;

/// <summary>Long requests take turns, and nobody else waits for them (specification 7.1).</summary>
public sealed class HeadTurnsTests
{
    private static readonly ClientNetwork One = ClientNetwork.Of(IPAddress.Parse("192.0.2.1")),
        Two = ClientNetwork.Of(IPAddress.Parse("192.0.2.2"));

    private readonly ManualTimeProvider _clock = new();
    private HeadTurns _turns = null!;

    [SetUp]
    public void Make() => _turns = new HeadTurns(_clock);

    [Test]
    public async Task Turns_OfMany_AreAFewAtOnceAndOneClientAfterTheOther()
    {
        var many = Enumerable.Range(0, 20).Select(_ => _turns.Enter(One)).ToArray();
        var other = _turns.Enter(Two);
        many.Count(static turn => turn.Begun.IsCompleted).Should().Be(HeadTurns.MostAtOnce);
        other.Begun.IsCompleted.Should().BeFalse();

        many[0].End();
        many[1].End();

        await other.Begun.WithinLimit();
        await Eventually.HoldsAsync(
            () => many.Count(static turn => turn.Begun.IsCompleted) == HeadTurns.MostAtOnce + 1, "the next one of the first client");
    }

    [Test]
    public async Task Turns_WhoseHoldersDoNotEndThem_AreOverInTime()
    {
        var many = Enumerable.Range(0, 20).Select(_ => _turns.Enter(null)).ToArray();

        await Eventually.HoldsAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(50));
                return many.All(static turn => turn.Begun.IsCompleted);
            },
            "all had their turn");
    }

    [Test]
    public async Task Requests_ManyLongOnesAtOnce_AreAllAnsweredAndTakeLittleMemory()
    {
        await using var server = await TestServer.StartAsync();
        var heads = server.Services.GetRequiredService<HeadBudget>();
        var request = $"GET /callback?state=unknown&x={new string('a', 60_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n";
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using var connection = await RawConnection.SendAsync(server.Listener, request);
            return await connection.ReadAnswerAsync();
        }));

        // The connection does not go on with the request's text in its memory.
        answers.Should().AllSatisfy(static answer => $"{answer.Status} {answer["Connection"]}".Should().Be("404 close"));
        heads.Held.Should().Be(0);
    }
}
