using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Records;
using Teal.Sqlite;
using Teal.Sqlite.Database;
using Teal.Sqlite.Records;
using Teal.Sqlite.Writing;
using Teal.Tests.Contracts;
using Teal.Tests.Support;

namespace Teal.Tests.Sqlite;

public sealed class SqliteRecordStoreTests : RecordStoreContract
{
    private readonly List<IDisposable> _open = [];
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder()
    {
        Close();
        _folder.Dispose();
    }

    [Test]
    public async Task Find_AfterTheStoreWasOpenedAgain_ReturnsWhatWasStored()
    {
        var store = CreateStore();
        var end = Clock.GetUtcNow().UtcDateTime.AddHours(1);
        await store.PutAsync(Accounts, "nul\0é", "value"u8.ToArray(), end, null, CancellationToken.None);
        await PutAsync(store, "deleted");
        await store.DeleteAsync(Accounts, "deleted", CancellationToken.None);
        var before = await store.FindAsync(Accounts, "nul\0é", CancellationToken.None);

        Close();
        store = CreateStore();

        var after = await store.FindAsync(Accounts, "nul\0é", CancellationToken.None);
        after.Should().BeEquivalentTo(before, options => options.Excluding(record => record!.Value));
        after!.Value.ToArray().Should().Equal("value"u8.ToArray());
        (await ListAsync(store, Accounts, "")).Should().Equal("nul\0é");
        (await PutAsync(store, "nul\0é", expectedVersion: before!.Version)).Should().Be(RecordResult.Stored);
    }

    [Test]
    public async Task Put_AfterAStart_HasAHigherVersionThanADeletedRecordHad()
    {
        var store = CreateStore();
        await PutAsync(store, "anna");
        var version = (await store.FindAsync(Accounts, "anna", CancellationToken.None))!.Version;
        await store.DeleteAsync(Accounts, "anna", CancellationToken.None);
        Close();
        Clock.Advance(TimeSpan.FromSeconds(1));

        store = CreateStore();
        await PutAsync(store, "anna");

        (await store.FindAsync(Accounts, "anna", CancellationToken.None))!.Version.Should().BeGreaterThan(version);
    }

    [Test]
    public async Task Sweep_EndedRecords_DeletesThemFromTheFile()
    {
        var store = (SqliteRecordStore)CreateStore();
        var end = Clock.GetUtcNow().UtcDateTime.AddHours(1);
        await Task.WhenAll(
            Enumerable.Range(0, 600).Select(i => store.PutAsync(Tickets, $"{i}", default, end, null, CancellationToken.None).AsTask()));
        await PutAsync(store, "for ever");
        Clock.Advance(TimeSpan.FromHours(1));

        (await store.SweepAsync(CancellationToken.None)).Should().Be(600);
        (await store.SweepAsync(CancellationToken.None)).Should().Be(0);

        Close();
        Clock.Advance(TimeSpan.FromHours(-1));
        (await ListAsync(CreateStore(), Tickets, "")).Should().BeEmpty();
    }

    protected override IRecordStore CreateStore()
    {
        var options = new SqliteOptions { DataDirectory = _folder.Path };
        var database = Track(SqliteDatabase.Open(options));
        return new SqliteRecordStore(
            database, Track(new SqliteWriter(database, options, NullLogger<SqliteWriter>.Instance)), Options, Clock);
    }

    private T Track<T>(T resource) where T : IDisposable
    {
        _open.Add(resource);
        return resource;
    }

    private void Close()
    {
        foreach (var resource in Enumerable.Reverse(_open)) resource.Dispose();
        _open.Clear();
    }
}
