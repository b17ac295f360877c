using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Teal.Accounts.Limits;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

/// <summary>Wrong passwords are counted, so that nobody guesses, and nobody is locked out by others.</summary>
public sealed class FailureLimitsTests
{
    private static readonly ClientNetwork Guesser = Network("192.0.2.1"), Other = Network("192.0.2.2");

    private readonly FailureOptions _options = new() { MaximumPerAccount = 100, MaximumCounters = 50 };
    private ManualTimeProvider _clock = null!;
    private Live<FailureOptions> _live = null!;
    private FailureLimits _limits = null!;

    [SetUp]
    public void Make()
    {
        (_clock, _live) = (new ManualTimeProvider(), new Live<FailureOptions>(_options));
        _limits = new FailureLimits(_live, _clock);
    }

    [Test]
    public void Begin_TenFailuresForOneAccountFromOneAddress_IsTheEndForThatAccountThere()
    {
        Fail(10, "anna", Guesser).Should().Be(10);

        _limits.Begin("anna", Guesser).Should().BeGreaterThan(TimeSpan.FromMinutes(14)).And.BeLessThan(TimeSpan.FromMinutes(17));
        _limits.Begin("bert", Guesser).Should().Be(TimeSpan.Zero);
        _limits.Begin("anna", Other).Should().Be(TimeSpan.Zero);
    }

    [Test]
    public void Begin_ThirtyFailuresFromOneAddress_IsTheEndForAllAccountsThere()
    {
        for (var i = 0; i < 30; i++) Fail(1, $"name{i}", Guesser).Should().Be(1);

        _limits.Begin("anna", Guesser).Should().BePositive();
        _limits.Begin("anna", Other).Should().Be(TimeSpan.Zero);
    }

    [Test]
    public void Begin_ManyFailuresForAnAccountFromEverywhere_IsTheEndButWhereItLoggedInBefore()
    {
        Succeed("anna", Other);
        for (var i = 0; i < 100; i++) Fail(1, "anna", Network($"198.51.100.{i}")).Should().Be(1);

        _limits.Begin("anna", Guesser).Should().BePositive();
        _limits.Begin("bert", Guesser).Should().Be(TimeSpan.Zero);
        _limits.Begin("anna", Other).Should().Be(TimeSpan.Zero);
    }

    [Test]
    public void Begin_AfterTheWait_IsHeardAgain()
    {
        Fail(10, "anna", Guesser);
        var wait = _limits.Begin("anna", Guesser);

        _clock.Advance(wait - TimeSpan.FromSeconds(1));
        _limits.Begin("anna", Guesser).Should().BePositive();
        _clock.Advance(TimeSpan.FromSeconds(1));
        _limits.Begin("anna", Guesser).Should().Be(TimeSpan.Zero);
    }

    [Test]
    public void Begin_ManyAtOnce_AreNoMoreThanOneAfterTheOther()
    {
        var begun = Enumerable.Range(0, 1000).Count(_ => _limits.Begin("anna", Guesser) == TimeSpan.Zero);

        begun.Should().Be(10);
        _limits.Begin("anna", Guesser).Should().Be(TimeSpan.FromSeconds(1), "all of them may be right");
        for (var i = 0; i < begun; i++) _limits.End("anna", Guesser, false);
        _limits.Begin("anna", Guesser).Should().BeGreaterThan(TimeSpan.FromMinutes(1));
    }

    [Test]
    public void End_OfARightOne_ForgivesTheSlipsForThatAccountThereAndNoOthers()
    {
        Fail(9, "anna", Guesser);
        for (var i = 0; i < 20; i++) Fail(1, $"name{i}", Guesser);

        Succeed("anna", Guesser);

        Fail(5, "anna", Guesser).Should().Be(1, "29 failures of this address go on to count");
    }

    [Test]
    public void End_WhenNobodyKnows_CountsNothing()
    {
        for (var i = 0; i < 1000; i++)
        {
            _limits.Begin("anna", Guesser).Should().Be(TimeSpan.Zero);
            _limits.End("anna", Guesser, null);
        }

        _limits.Count.Should().Be(0);
    }

    [Test]
    public void FailToo_OfManyThatWereTheSame_CountsEachAndThenRefuses() =>
        Enumerable.Range(0, 50).Count(_ => _limits.FailToo("anna", Guesser) == TimeSpan.Zero).Should().Be(10);

    [TestCase("2001:db8::1", "2001:db8::ffff:2", true)]
    [TestCase("2001:db8::1", "2001:db8:0:1::1", false)]
    public void Begin_FromTheSame64_IsFromOneAddress(string first, string second, bool isSame)
    {
        Fail(10, "anna", Network(first));

        (_limits.Begin("anna", Network(second)) > TimeSpan.Zero).Should().Be(isSame);
    }

    [Test]
    public void Count_OfAFloodFromEverywhere_IsBounded()
    {
        for (var i = 0; i < 10_000; i++)
        {
            Fail(1, $"name{i}", Network($"10.0.{i / 250}.{i % 250}"));
            Succeed($"name{i}", Network($"10.1.{i / 250}.{i % 250}"));
        }

        _limits.Count.Should().BeLessThanOrEqualTo(4 * _options.MaximumCounters);
    }

    [Test]
    public void Begin_OtherMemoryMeanwhile_BeginsAnewAndCountsOn()
    {
        Fail(10, "anna", Guesser);
        _live.Replace(new FailureOptions { Memory = TimeSpan.FromMinutes(1) });

        Fail(20, "anna", Guesser).Should().Be(10);
        _clock.Advance(TimeSpan.FromMinutes(1.1));
        Fail(20, "anna", Guesser).Should().Be(10);
    }

    // Compared with a list of times.
    [Test]
    public void Count_OfAWindow_IsThatOfTheLastFifteenParts() => Prop.ForAll<byte[]>(static steps =>
    {
        var (window, times, now) = (new FailureWindow(), new List<long>(), 1000L);
        foreach (var step in steps)
        {
            now += step % 4 == 0 ? step / 4 : 0;
            window.Note(now);
            times.Add(now);
            if (window.Count(now) != times.Count(time => time > now - FailureWindow.Parts)) return false;

            var limit = Math.Max(1, times.Count / 2);
            var first = window.FirstBelow(limit, now);
            if (times.Count(time => time > first - FailureWindow.Parts) >= limit) return false;
            if (first > now && times.Count(time => time > first - 1 - FailureWindow.Parts) < limit) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    // How many of so many were looked at.
    private int Fail(int times, string account, ClientNetwork network)
    {
        var looked = 0;
        for (var i = 0; i < times; i++)
        {
            if (_limits.Begin(account, network) > TimeSpan.Zero) continue;

            looked++;
            _limits.End(account, network, false);
        }

        return looked;
    }

    private void Succeed(string account, ClientNetwork network)
    {
        _limits.Begin(account, network).Should().Be(TimeSpan.Zero);
        _limits.End(account, network, true);
    }

    private static ClientNetwork Network(string address) => ClientNetwork.Of(IPAddress.Parse(address));
}
