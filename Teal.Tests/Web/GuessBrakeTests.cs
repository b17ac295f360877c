using System.Net;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Tests.Support;
using Teal.Web.Door;

namespace Teal.Tests.Web;

/// <summary>Guessing becomes slow for who guesses, and for nobody else.</summary>
public sealed class GuessBrakeTests
{
    private static readonly ClientNetwork Guesser = Network(1), Other = Network(2);

    private ManualTimeProvider _clock = null!;
    private DoorOptions _options = null!;
    private Live<DoorOptions> _live = null!;
    private GuessBrake _brake = null!;

    [SetUp]
    public void Make()
    {
        (_clock, _options) = (new ManualTimeProvider(), new DoorOptions { MaximumGuessers = 3, MaximumHeldGuesses = 2 });
        _live = new Live<DoorOptions>(_options);
        _brake = new GuessBrake(_live, _clock);
    }

    [TearDown]
    public void End() => _brake.Dispose();

    [Test]
    public void Note_OneAfterTheOther_TakesTwiceAsLongEachTimeUpToTheBound()
    {
        var delays = new List<double>();
        for (var i = 0; i < 11; i++)
        {
            _brake.WaitOf(Guesser, standsForMany: false).Should().Be(TimeSpan.Zero);
            var delay = _brake.Note(Guesser);
            delays.Add(delay.TotalSeconds);
            _clock.Advance(delay);
        }

        delays.Should().Equal(0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10, 10);
    }

    [Test]
    public void WaitOf_DelaySwitchedOffMeanwhile_IsZeroWhateverIsOwed()
    {
        for (var i = 0; i < 100; i++) _brake.Note(Guesser);
        _brake.WaitOf(Guesser, standsForMany: false).Should().BePositive();

        _live.Replace(new DoorOptions { GuessDelay = TimeSpan.Zero });

        _brake.WaitOf(Guesser, standsForMany: false).Should().Be(TimeSpan.Zero);
    }

    [Test]
    public void Count_FewerToBeRememberedMeanwhile_FallsWithTheNextGuess()
    {
        for (var i = 1; i <= 3; i++) _brake.Note(Network((byte)i));
        _live.Replace(new DoorOptions { MaximumGuessers = 1 });

        _brake.Note(Network(4));

        _brake.Count.Should().Be(1);
    }

    [Test]
    public void WaitOf_AddressWithoutAWrongPassword_IsZeroWhateverOthersDo()
    {
        for (var i = 0; i < 100; i++) _brake.Note(Guesser);

        _brake.WaitOf(Other, standsForMany: false).Should().Be(TimeSpan.Zero);
        _brake.Note(Other).Should().Be(TimeSpan.Zero);
    }

    [Test]
    public void WaitOf_ManyGuessesAtOnce_IsAFewThenOneForEachLongestDelay()
    {
        var heard = GuessWithoutWaiting(1000);
        heard.Should().BeLessThan(15);

        // Nobody waits for the answers, and still it is as slow as for who does.
        for (var i = 0; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            heard += GuessWithoutWaiting(10);
        }

        heard.Should().BeLessThan(15 + 11);
    }

    [Test]
    public void WaitOf_WhereManyClientsAre_ListensToAll()
    {
        for (var i = 0; i < 100; i++) _brake.Note(Guesser);

        _brake.WaitOf(Guesser, standsForMany: false).Should().BeGreaterThan(TimeSpan.FromMinutes(10));
        _brake.WaitOf(Guesser, standsForMany: true).Should().Be(TimeSpan.Zero);
    }

    [Test]
    public async Task Hold_TooManyAtOnce_HoldsTheBoundAndRefusesAtOnce()
    {
        _brake.Note(Guesser);
        _brake.Note(Guesser);
        var held = new[] { _brake.HoldAsync(TimeSpan.FromSeconds(1)).AsTask(), _brake.HoldAsync(TimeSpan.FromSeconds(2)).AsTask() };

        (await _brake.HoldAsync(TimeSpan.FromSeconds(1))).Should().BeFalse();
        _brake.WaitOf(Guesser, standsForMany: true).Should().BePositive("as it has a wrong password, and nothing more can be held back");
        _brake.WaitOf(Other, standsForMany: false).Should().Be(TimeSpan.Zero);

        held.Should().AllSatisfy(answer => answer.IsCompleted.Should().BeFalse());
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await Task.WhenAll(held).WithinLimit()).Should().Equal(true, true);
        var next = _brake.HoldAsync(TimeSpan.FromSeconds(1)).AsTask();
        next.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await next.WithinLimit()).Should().BeTrue();
    }

    [Test]
    public async Task Hold_WhileTheProcessStops_LetsGo()
    {
        var held = _brake.HoldAsync(TimeSpan.FromHours(1)).AsTask();
        await _brake.DrainAsync(CancellationToken.None);

        (await held.WithinLimit()).Should().BeTrue();
        (await _brake.HoldAsync(TimeSpan.FromHours(1)).AsTask().WithinLimit()).Should().BeTrue();
    }

    [Test]
    public void Note_AfterAQuietTime_BeginsAnew()
    {
        for (var i = 0; i < 5; i++) _brake.Note(Guesser);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _brake.Note(Guesser).Should().BePositive();

        _clock.Advance(_options.GuessDelay + _options.GuessMemory);
        _brake.Note(Guesser).Should().Be(TimeSpan.Zero);
    }

    [Test]
    public void Note_FromManyAddresses_RemembersTheBoundAndForgetsTheOldest()
    {
        for (var address = 1; address <= 3; address++) _brake.Note(Network(address));
        _brake.Note(Network(1)).Should().BePositive();
        for (var address = 4; address <= 1000; address++)
        {
            _brake.Note(Network(address));
            _brake.Note(Network(1)).Should().BePositive("as it guessed a moment ago");
            _brake.Count.Should().Be(3);
        }

        _brake.Note(Network(2)).Should().Be(TimeSpan.Zero);
    }

    [Test]
    public void Note_WhereDelaysAreSwitchedOff_HoldsNothingUp()
    {
        _options.GuessDelay = TimeSpan.Zero;
        for (var i = 0; i < 100; i++) _brake.Note(Guesser).Should().Be(TimeSpan.Zero);

        _brake.WaitOf(Guesser, standsForMany: false).Should().Be(TimeSpan.Zero);
    }

    // Returns how many were listened to.
    private int GuessWithoutWaiting(int times)
    {
        var heard = 0;
        for (var i = 0; i < times; i++)
        {
            if (_brake.WaitOf(Guesser, standsForMany: false) > TimeSpan.Zero) continue;

            heard++;
            _brake.Note(Guesser);
        }

        return heard;
    }

    private static ClientNetwork Network(int number) => ClientNetwork.Of(new IPAddress([192, 0, (byte)(number >> 8), (byte)number]));
}
