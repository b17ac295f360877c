using Teal.Core.Ciba;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.Records;
using Teal.Tests.Support;

namespace Teal.Tests.Core;

/// <summary><c>CibaDoorTests</c> tries them with each store, and through a server.</summary>
public sealed class CibaRequestServiceTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly RecordOptions _options = new();
    private readonly MemoryRecordStore _records;
    private readonly CibaRequestService _requests;

    public CibaRequestServiceTests()
    {
        _records = new MemoryRecordStore(_options, _clock);
        _requests = new CibaRequestService(_records, new MemoryEventJournal(new JournalOptions(), _clock), _options, _clock);
    }

    [Test]
    public async Task Find_ACreatedRequest_KnowsItsTokenUntilItEnds()
    {
        (await CreateAsync(Acme, "r", "token")).Should().Be(ChangeOutcome.Done);

        var found = await _requests.FindAsync("r");
        (found!.IsToken("token"), found.IsToken("Token"), found.IsToken(""), found.Owner).Should().Be((true, false, false, "acme"));
        (await _requests.FindAsync("R")).Should().BeNull();
        _clock.Advance(TimeSpan.FromMinutes(10));
        (await _requests.FindAsync("r")).Should().BeNull();
    }

    [Test]
    public async Task Create_AnotherTeamsRequest_IsTakenUntilItEnds()
    {
        await CreateAsync(Acme, "r", "theirs");
        (await CreateAsync(Beta, "r", "mine")).Should().Be(ChangeOutcome.Taken);
        (await _requests.DeleteAsync(Beta, "r")).Should().Be(ChangeOutcome.Done).And.Be(await _requests.DeleteAsync(Beta, "unknown"));
        (await _requests.FindAsync("r"))!.IsToken("theirs").Should().BeTrue();

        _clock.Advance(TimeSpan.FromMinutes(10));

        (await CreateAsync(Beta, "r", "mine")).Should().Be(ChangeOutcome.Done);
        (await _requests.FindAsync("r"))!.Owner.Should().Be("beta");
    }

    [Test]
    public async Task Create_FromManyTeamsAtOnce_IsOneOfThems()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(
            () => CreateAsync(TestAccounts.Account($"team{i}", $"team{i}", "create ciba:*"), "r", $"{i}"))));

        outcomes.Should().ContainSingle(static outcome => outcome == ChangeOutcome.Done);
        (await _requests.FindAsync("r"))!.IsToken($"{Array.IndexOf(outcomes, ChangeOutcome.Done)}").Should().BeTrue();
    }

    [Test]
    public async Task Create_FromManyOfATeamAtOnce_IsDoneForAllAndKeepsOneWhole()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => CreateAsync(Acme, "r", $"{i}"))));

        outcomes.Should().OnlyContain(static outcome => outcome == ChangeOutcome.Done);
        var found = await _requests.FindAsync("r");
        Enumerable.Range(0, 50).Should().ContainSingle(i => found!.IsToken($"{i}"));
    }

    [Test]
    public async Task TakeBack_ARequest_HasTheFormerOneCountAgain()
    {
        var first = await _requests.CreateAsync(Acme, "r", "first", InTenMinutes);
        var second = await _requests.CreateAsync(Acme, "r", "second", InTenMinutes.AddTicks(7));
        await _requests.TakeBackAsync(first.Change!);
        (await _requests.FindAsync("r"))!.IsToken("second").Should().BeTrue("it was made again since");

        await _requests.TakeBackAsync(second.Change!);
        (await _requests.FindAsync("r"))!.IsToken("first").Should().BeTrue();
        await _requests.TakeBackAsync(first.Change!);
        (await _requests.FindAsync("r")).Should().BeNull();
    }

    [Test]
    public async Task CreateAndDelete_WithoutThePermission_ChangeNothing()
    {
        var member = TestAccounts.Account("alice", "acme", "create callback:*", "create ciba:a*", "read ciba:*");
        (await CreateAsync(member, "a1", "token")).Should().Be(ChangeOutcome.Done);
        (await CreateAsync(member, "b1", "token")).Should().Be(ChangeOutcome.NotAllowed);
        await CreateAsync(Acme, "b1", "token");

        (await _requests.DeleteAsync(member, "b1")).Should().Be(ChangeOutcome.NotAllowed);

        (await _requests.FindAsync("b1")).Should().NotBeNull();
    }

    [Test]
    public async Task Delete_OfARequest_LeavesRoomForOthersRecords()
    {
        await CreateAsync(Acme, "r", "token");
        (await _requests.DeleteAsync(Acme, "r")).Should().Be(ChangeOutcome.Done);
        await _records.SweepAsync(CancellationToken.None);

        (await _requests.FindAsync("r")).Should().BeNull();
        _records.Count.Should().Be(0);
    }

    [Test]
    public async Task Create_MoreThanATeamMayHave_LeavesRoomForEveryOther()
    {
        _options.MaximumRecords = 2 * 64;
        Identity[] teams = [Acme, Beta, TestAccounts.Account("gamma", "gamma", "create ciba:*"), Identity.Anonymous];
        var counts = new List<int>();
        foreach (var team in teams)
        {
            var count = 0;
            while (await CreateAsync(team, $"{team.Team} {count}", "token") == ChangeOutcome.Done) count++;
            counts.Add(count);
        }

        counts.Should().Equal(32, 16, 8, 4);
        (await CreateAsync(Acme, "acme 0", "another")).Should().Be(ChangeOutcome.Done, "it replaces one");
        (await _records.PutAsync("account", "a", new byte[1], null, null, CancellationToken.None))
            .Should().Be(RecordResult.Stored, "half of the records are others'");

        _clock.Advance(TimeSpan.FromMinutes(10));
        (await CreateAsync(Acme, "later", "token")).Should().Be(ChangeOutcome.Done);
    }

    [Test]
    public async Task Create_WhereOtherProcessesMadeSome_CountsThem()
    {
        _options.MaximumRecords = 16;
        var other = new CibaRequestService(_records, new MemoryEventJournal(new JournalOptions(), _clock), _options, _clock);
        await CreateAsync(Acme, "0", "token");
        for (var i = 1; i < 4; i++) await other.CreateAsync(Acme, $"{i}", "token", InTenMinutes);
        _clock.Advance(TimeSpan.FromMinutes(1));

        (await CreateAsync(Acme, "4", "token")).Should().Be(ChangeOutcome.NoRoom);
    }

    private static Identity Acme { get; } = TestAccounts.Account("acme", "acme", "create ciba:*");

    private static Identity Beta { get; } = TestAccounts.Account("beta", "beta", "create ciba:*");

    private DateTime InTenMinutes => _clock.GetUtcNow().UtcDateTime.AddMinutes(10);

    private async Task<ChangeOutcome> CreateAsync(Identity by, string requestId, string token) =>
        (await _requests.CreateAsync(by, requestId, token, InTenMinutes)).Outcome;
}
