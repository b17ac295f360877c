using System.Text;
using Teal.Accounts.Tickets;
using Teal.Core.Identities;
using Teal.Core.Records;
using Teal.Tests.Accounts;
using Teal.Tests.Support;

namespace Teal.Tests.Contracts;

/// <summary>What every <see cref="IRecordStore"/> does.</summary>
public abstract class RecordStoreContract
{
    private protected const string Accounts = "account", Tickets = "ticket";

    private protected ManualTimeProvider Clock { get; } = new();

    private protected RecordOptions Options { get; } = new();

    private DateTime InAnHour => Clock.GetUtcNow().UtcDateTime.AddHours(1);

    [TestCase("anna")]
    [TestCase("")]
    [TestCase("é😀\u0301 \n")]
    [TestCase("nul\0and:colon")]
    [TestCase("'; DROP TABLE records; --")]
    public async Task Find_ARecordOfAnyName_ReturnsItWhole(string key)
    {
        var store = CreateStore();
        byte[] value = [0, 1, 255, 10, 13];
        var end = InAnHour.AddMicroseconds(123_456);

        (await store.PutAsync(Accounts, key, value, end, null, CancellationToken.None)).Should().Be(RecordResult.Stored);

        var found = await store.FindAsync(Accounts, key, CancellationToken.None);
        found!.Key.Should().Be(key);
        found.Value.ToArray().Should().Equal(value);
        found.ExpiresAt.Should().Be(end);
        found.Version.Should().BePositive();
    }

    [Test]
    public async Task Find_WhatIsNotThere_ReturnsNothing()
    {
        var store = CreateStore();
        await PutAsync(store, "anna");

        (await store.FindAsync(Accounts, "Anna", CancellationToken.None)).Should().BeNull();
        (await store.FindAsync(Tickets, "anna", CancellationToken.None)).Should().BeNull();
        (await store.FindAsync(Accounts + "\0anna", "", CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task Put_MemoryThatIsUsedAgain_KeepsWhatWasInIt()
    {
        var store = CreateStore();
        var value = "before"u8.ToArray();
        var putting = store.PutAsync(Accounts, "anna", value, null, null, CancellationToken.None);
        "after!"u8.CopyTo(value);
        await putting;

        (await TextAsync(store, "anna")).Should().Be("before");
    }

    [Test]
    public async Task Put_Again_ReplacesValueAndEndAndHasAHigherVersion()
    {
        var store = CreateStore();
        await store.PutAsync(Accounts, "anna", "1"u8.ToArray(), InAnHour, null, CancellationToken.None);
        var first = await store.FindAsync(Accounts, "anna", CancellationToken.None);
        await store.PutAsync(Accounts, "anna", "2"u8.ToArray(), null, null, CancellationToken.None);
        var second = await store.FindAsync(Accounts, "anna", CancellationToken.None);

        (await TextAsync(store, "anna")).Should().Be("2");
        second!.Version.Should().BeGreaterThan(first!.Version);
        second.ExpiresAt.Should().BeNull();
        Clock.Advance(TimeSpan.FromDays(365));
        (await store.FindAsync(Accounts, "anna", CancellationToken.None)).Should().NotBeNull();
    }

    [Test]
    public async Task Put_ExpectingAVersion_ChangesNothingWhereAnotherIsThere()
    {
        var store = CreateStore();
        (await PutAsync(store, "anna", expectedVersion: 5)).Should().Be(RecordResult.Conflict);
        (await PutAsync(store, "anna", "1", expectedVersion: 0)).Should().Be(RecordResult.Stored);
        (await PutAsync(store, "anna", "2", expectedVersion: 0)).Should().Be(RecordResult.Conflict);
        (await TextAsync(store, "anna")).Should().Be("1");

        var version = (await store.FindAsync(Accounts, "anna", CancellationToken.None))!.Version;
        (await PutAsync(store, "anna", "3", expectedVersion: version)).Should().Be(RecordResult.Stored);
        (await PutAsync(store, "anna", "4", expectedVersion: version)).Should().Be(RecordResult.Conflict);
        (await TextAsync(store, "anna")).Should().Be("3");
    }

    [Test]
    public async Task Put_ExpectingTheVersionOfADeletedRecord_IsAConflict()
    {
        var store = CreateStore();
        await PutAsync(store, "anna");
        var version = (await store.FindAsync(Accounts, "anna", CancellationToken.None))!.Version;
        await store.DeleteAsync(Accounts, "anna", CancellationToken.None);
        await PutAsync(store, "anna");

        (await PutAsync(store, "anna", expectedVersion: version)).Should().Be(RecordResult.Conflict);
    }

    [Test]
    public async Task Put_ExpectingOneVersionFromManyThreads_SucceedsOnce()
    {
        var store = CreateStore();
        await PutAsync(store, "anna");
        var version = (await store.FindAsync(Accounts, "anna", CancellationToken.None))!.Version;

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => PutAsync(store, "anna", $"{i}", version))));

        results.Count(result => result == RecordResult.Stored).Should().Be(1);
        results.Count(result => result == RecordResult.Conflict).Should().Be(49);
        (await TextAsync(store, "anna")).Should().Be($"{Array.IndexOf(results, RecordResult.Stored)}");
    }

    [Test]
    public async Task Find_AtTheInstantOfItsEnd_ReturnsNothing()
    {
        var store = CreateStore();
        await store.PutAsync(Tickets, "t", default, InAnHour, null, CancellationToken.None);

        Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        (await store.FindAsync(Tickets, "t", CancellationToken.None)).Should().NotBeNull();
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await store.FindAsync(Tickets, "t", CancellationToken.None)).Should().BeNull();
        (await store.DeleteAsync(Tickets, "t", CancellationToken.None)).Should().BeFalse();
        (await store.PutAsync(Tickets, "t", default, InAnHour, 0, CancellationToken.None)).Should().Be(RecordResult.Stored);
    }

    [Test]
    public async Task Take_AnEndedRecord_ReturnsNothing()
    {
        var store = CreateStore();
        await store.PutAsync(Tickets, "t", default, InAnHour, null, CancellationToken.None);
        Clock.Advance(TimeSpan.FromHours(1));

        (await store.TakeAsync(Tickets, "t", CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task Take_FromManyThreads_GivesEachRecordToOne()
    {
        var store = CreateStore();
        for (var i = 0; i < 20; i++)
            await store.PutAsync(Tickets, $"{i}", Encoding.UTF8.GetBytes($"{i}"), InAnHour, null, CancellationToken.None);

        var taken = await Task.WhenAll(
            Enumerable.Range(0, 400).Select(i => Task.Run(() => store.TakeAsync(Tickets, $"{i % 20}", CancellationToken.None).AsTask())));

        taken.OfType<StoredRecord>().Select(record => Encoding.UTF8.GetString(record.Value.Span))
            .Should().BeEquivalentTo(Enumerable.Range(0, 20).Select(i => $"{i}"));
        (await ListAsync(store, Tickets, "")).Should().BeEmpty();
    }

    [Test]
    public async Task Delete_ARecord_ForgetsIt()
    {
        var store = CreateStore();
        await PutAsync(store, "anna");

        (await store.DeleteAsync(Accounts, "anna", CancellationToken.None)).Should().BeTrue();
        (await store.DeleteAsync(Accounts, "anna", CancellationToken.None)).Should().BeFalse();
        (await store.FindAsync(Accounts, "anna", CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task List_APrefix_ReturnsThoseOfTheCollectionThatBeginWithIt()
    {
        var store = CreateStore();
        foreach (var key in (string[])["anna", "anna/1", "anna/é", "anna/\uffff", "ann", "bert", "anna0"]) await PutAsync(store, key);
        await store.PutAsync(Accounts, "anna/ended", default, InAnHour, null, CancellationToken.None);
        await store.PutAsync(Tickets, "anna/1", default, null, null, CancellationToken.None);
        await PutAsync(store, "anna/deleted");
        await store.DeleteAsync(Accounts, "anna/deleted", CancellationToken.None);
        Clock.Advance(TimeSpan.FromHours(1));

        (await ListAsync(store, Accounts, "anna/")).Should().BeEquivalentTo("anna/1", "anna/é", "anna/\uffff");
        (await ListAsync(store, Accounts, "")).Should().BeEquivalentTo("anna", "anna/1", "anna/é", "anna/\uffff", "ann", "bert", "anna0");
        (await ListAsync(store, Accounts, "zz")).Should().BeEmpty();
        (await ListAsync(store, "nothing", "")).Should().BeEmpty();
    }

    [Test]
    public async Task Count_APrefix_IsHowManyBeginWithIt()
    {
        var store = CreateStore();
        foreach (var key in (string[])["anna/1", "anna/\uffff", "anna", "bert", "anna0"]) await PutAsync(store, key);
        await store.PutAsync(Tickets, "anna/1", default, null, null, CancellationToken.None);
        await store.DeleteAsync(Accounts, "bert", CancellationToken.None);
        await PutAsync(store, "anna/1", "again");

        (await store.CountAsync(Accounts, "anna/", CancellationToken.None)).Should().Be(2);
        (await store.CountAsync(Accounts, "", CancellationToken.None)).Should().Be(4);
        (await store.CountAsync(Accounts, "zz", CancellationToken.None)).Should().Be(0);
        (await store.CountAsync("nothing", "", CancellationToken.None)).Should().Be(0);
    }

    [Test]
    public async Task List_MoreThanAPage_ReturnsEachOnce()
    {
        var store = CreateStore();
        await Task.WhenAll(Enumerable.Range(0, 1_200).Select(i => PutAsync(store, $"{i:D4}")));

        (await ListAsync(store, Accounts, "")).Should().BeEquivalentTo(Enumerable.Range(0, 1_200).Select(i => $"{i:D4}"));
    }

    [Test]
    public async Task Put_MoreThanThereMayBe_IsRefusedUntilOneGoes()
    {
        Options.MaximumRecords = 3;
        var store = CreateStore();
        foreach (var key in (string[])["1", "2", "3"]) (await PutAsync(store, key)).Should().Be(RecordResult.Stored);

        (await PutAsync(store, "4")).Should().Be(RecordResult.Full);
        (await PutAsync(store, "3", "new")).Should().Be(RecordResult.Stored);
        await store.DeleteAsync(Accounts, "1", CancellationToken.None);
        (await PutAsync(store, "4")).Should().Be(RecordResult.Stored);
    }

    [Test]
    public async Task Put_WhatIsTooLong_IsRefused()
    {
        var store = CreateStore();
        await store.PutAsync(Accounts, "anna", new byte[Options.MaximumRecordSize], null, null, CancellationToken.None);

        (await store.PutAsync(Accounts, "anna", new byte[Options.MaximumRecordSize + 1], null, null, CancellationToken.None))
            .Should().Be(RecordResult.TooLong);

        (await store.FindAsync(Accounts, "anna", CancellationToken.None))!.Value.Length.Should().Be(Options.MaximumRecordSize);
    }

    [Test]
    public async Task Ticket_ThatTenThousandBringAtOnce_LetsOneIn()
    {
        using var accounts = new SecretHouse(CreateStore(), Clock);
        var made = (TicketResult.Made)await accounts.Tickets.MakeAsync(Identity.Anonymous, null, CancellationToken.None);

        var identities = await Task.WhenAll(
            Enumerable.Range(0, 10_000).Select(_ => Task.Run(() => accounts.AskAsync(new Credential.Ticket(made.Text)))));

        identities.OfType<Identity>().Should().ContainSingle();
    }

    private protected static async Task<string[]> ListAsync(IRecordStore store, string collection, string prefix)
    {
        var keys = new List<string>();
        await foreach (var record in store.ListAsync(collection, prefix, CancellationToken.None)) keys.Add(record.Key);
        return [.. keys];
    }

    private protected static Task<RecordResult> PutAsync(IRecordStore store, string key, string value = "", long? expectedVersion = null) =>
        store.PutAsync(Accounts, key, Encoding.UTF8.GetBytes(value), null, expectedVersion, CancellationToken.None).AsTask();

    private protected static async Task<string> TextAsync(IRecordStore store, string key) =>
        Encoding.UTF8.GetString((await store.FindAsync(Accounts, key, CancellationToken.None))!.Value.Span);

    protected abstract IRecordStore CreateStore();
}
