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
}
