using System.Diagnostics;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>With <c>Listener:OpenIdCiba:OnlyCreated</c> nothing comes in that nobody said he waits for.</summary>
[TestFixture("Memory")]
[TestFixture("Distributed", Category = "Redis,RabbitMq")]
[NonParallelizable]
public sealed class CibaOnlyCreatedTests(string deployment) : CibaDoorFixture(deployment)
{
    private protected override IEnumerable<KeyValuePair<string, string>> Settings => [new("Listener:OpenIdCiba:OnlyCreated", "true")];

    [Test]
    public async Task Notification_OfARequestThatNobodyCreated_IsRefusedAsWithAWrongToken()
    {
        await using var acme = await ConnectAsync(Acme);
        await CreateAsync(acme);
        await CreateAsync(acme, "deleted");
        (await AskAsync(acme, new { id = 1, delete = Request("deleted") })).Should().Be("ack");
        await RegisterAsync(acme, "unknown");

        var wrong = Describe(await NotifyAsync("wrong"));
        foreach (var answer in new[]
        {
            await NotifyAsync(requestId: "unknown"), await NotifyAsync("wrong", "unknown"), await NotifyAsync(requestId: "deleted"),
            await NotifyAsync(""), await NotifyAsync(new string('x', 1025)),
        })
        {
            answer.Status.Should().Be(401);
            Describe(answer).Should().Be(wrong);
        }

        (await NotifyAsync()).Status.Should().Be(204);
        (await NotifyAsync(Token, "")).Status.Should().Be(400, "that is no notification at all");
        await NothingMoreAsync(acme);
    }

    // What is told apart here would be a hundred times as long as the machine's own noise.
    [Test]
    public async Task Refusals_TakeTheSameTime()
    {
        await using var acme = await ConnectAsync(Acme);
        await CreateAsync(acme);
        (string Token, string RequestId)[] refused = [("wrong", "r"), ("wrong", "unknown"), (Token, "unknown")];
        var times = refused.Select(static _ => new List<double>()).ToArray();
        for (var round = 0; round < 60; round++)
        {
            for (var i = 0; i < refused.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await NotifyAsync(refused[i].Token, refused[i].RequestId);
                times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        var medians = times.Select(static all => all.Order().ElementAt(all.Count / 2)).ToArray();
        medians.Max().Should().BeLessThan(3 * medians.Min());
    }
}
