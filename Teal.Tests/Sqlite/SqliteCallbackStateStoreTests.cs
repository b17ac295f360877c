using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.States;
using Teal.Sqlite;
using Teal.Sqlite.Database;
using Teal.Sqlite.States;
using Teal.Sqlite.Writing;
using Teal.Tests.Contracts;
using Teal.Tests.Support;

namespace Teal.Tests.Sqlite;

public sealed class SqliteCallbackStateStoreTests : CallbackStateStoreContract
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
        var states = new[]
        {
            State("a"),
            State("nul\0é") with { FinalRedirectUrl = "https://example.org/é", WithFragment = true },
            State("b") with { ExpiresAt = null },
        };
        foreach (var state in states) await store.PutAsync(state, CancellationToken.None);
        await store.PutAsync(State("deleted"), CancellationToken.None);
        await store.DeleteAsync("deleted", "anonymous", CancellationToken.None);

        Close();
        store = CreateStore();

        foreach (var state in states) (await store.FindAsync(state.State, CancellationToken.None)).Should().Be(state);
        (await store.FindAsync("deleted", CancellationToken.None)).Should().BeNull();
    }

    [Test]
    public async Task Find_AfterTheStoreWasOpenedWithAClockYearsAhead_ReturnsItWhenTheClockIsBack()
    {
        await CreateStore().PutAsync(State("s"), CancellationToken.None);
        Close();
        Clock.Jump(TimeSpan.FromDays(3650));

        var store = CreateStore();
        (await store.FindAsync("s", CancellationToken.None)).Should().BeNull();
        Clock.Jump(TimeSpan.FromDays(-3650));

        (await store.FindAsync("s", CancellationToken.None)).Should().Be(State("s"));
    }

    [Test]
    public async Task Sweep_ManyExpiredStates_DeletesThemFromTheFile()
    {
        var store = (SqliteCallbackStateStore)CreateStore();
        await Task.WhenAll(Enumerable.Range(0, 1200).Select(i => store.PutAsync(State($"{i}"), CancellationToken.None).AsTask()));
        await store.PutAsync(State("later") with { ExpiresAt = Clock.GetUtcNow().UtcDateTime.AddHours(2) }, CancellationToken.None);
        Clock.Advance(TimeSpan.FromHours(1));

        (await store.SweepAsync(CancellationToken.None)).Should().Be(1200);

        store.Count.Should().Be(1);
        Close();
        Rows().Should().Be(1);
    }

    [Test]
    public void Open_ANewFolder_MakesFilesForTheOwnerOnly()
    {
        var store = CreateStore(Path.Combine(_folder.Path, "sub", "data"));
        store.PutAsync(State("s"), CancellationToken.None).AsTask().Wait(Eventually.Limit).Should().BeTrue();

        var folder = new DirectoryInfo(Path.Combine(_folder.Path, "sub", "data"));
        folder.UnixFileMode.Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var files = folder.GetFiles();
        files.Select(file => file.Name).Should().Contain(["teal.db", "teal.db-wal", "teal.lock"]);
        files.Should().OnlyContain(file => file.UnixFileMode == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void Open_AFileThatOthersMayRead_TakesTheRightAway()
    {
        CreateStore();
        Close();
        File.SetUnixFileMode(_folder.Combine("teal.db"), (UnixFileMode)0b110_100_100);

        CreateStore();

        File.GetUnixFileMode(_folder.Combine("teal.db")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Test]
    public void Open_AFolderInUse_SaysSo()
    {
        CreateStore();

        Opening().Should().Throw<SqliteStoreException>().WithMessage("*in use by another process*DataDirectory*");
    }

    [Test]
    public void Open_AFileThatAnotherProgramLocked_SaysSoAndChangesNothing()
    {
        CreateStore();
        Close();
        using var other = new SqliteConnection($"Data Source={_folder.Combine("teal.db")};Pooling=False");
        other.Open();
        using var command = other.CreateCommand();
        command.CommandText = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;";
        command.ExecuteNonQuery();

        FluentActions.Invoking(() => SqliteDatabase.Open(new SqliteOptions { DataDirectory = _folder.Path, SecondsForOthers = 1 }))
            .Should().Throw<SqliteStoreException>().WithMessage("*locked by another program*");
    }

    [Test]
    public void Open_SomethingThatIsNoDatabase_SaysSoAndKeepsIt()
    {
        var text = new string('x', 5000);
        File.WriteAllText(_folder.Combine("teal.db"), text);

        Opening().Should().Throw<SqliteStoreException>().WithMessage("*damaged*Nothing was changed*");

        File.ReadAllText(_folder.Combine("teal.db")).Should().Be(text);
    }

    [Test]
    public async Task Open_AFileWithADamagedPage_SaysSoAndKeepsIt()
    {
        var store = CreateStore();
        for (var i = 0; i < 500; i++) await store.PutAsync(State($"{i}-{new string('x', 200)}"), CancellationToken.None);
        Close();
        var bytes = await File.ReadAllBytesAsync(_folder.Combine("teal.db"));
        for (var page = 4096 * 2; page + 4096 <= bytes.Length; page += 4096) bytes.AsSpan(page, 256).Fill(0xA5);
        await File.WriteAllBytesAsync(_folder.Combine("teal.db"), bytes);

        Opening().Should().Throw<SqliteStoreException>().WithMessage("*damaged*Nothing was changed*");

        (await File.ReadAllBytesAsync(_folder.Combine("teal.db"))).Should().Equal(bytes);
    }

    [Test]
    public async Task Open_AFileWithoutMakers_KeepsItsStates()
    {
        await CreateStore().PutAsync(State("s"), CancellationToken.None);
        Close();
        Execute("ALTER TABLE callback_states DROP COLUMN made_by; PRAGMA user_version = 6");

        (await CreateStore().FindAsync("s", CancellationToken.None)).Should().Be(State("s"));
    }

    [Test]
    public void Open_AFileOfALaterVersion_SaysSo()
    {
        CreateStore();
        Close();
        Execute("PRAGMA user_version = 99");

        Opening().Should().Throw<SqliteStoreException>().WithMessage("*later version*");
    }

    [Test]
    public void Open_AFolderThatIsAFile_SaysWhatToDo()
    {
        File.WriteAllText(_folder.Combine("data"), "");

        var open = () => SqliteDatabase.Open(new SqliteOptions { DataDirectory = _folder.Combine("data") });

        open.Should().Throw<SqliteStoreException>().WithMessage("*cannot be written*Teal:DataDirectory*");
    }

    [Test]
    public async Task Put_AfterTheFolderWasDeleted_FailsInsteadOfLosingTheState()
    {
        var store = (SqliteCallbackStateStore)CreateStore();
        Directory.Delete(_folder.Path, recursive: true);

        await FluentActions.Awaiting(() => store.PutAsync(State("s"), CancellationToken.None).AsTask())
            .Should().ThrowAsync<SqliteStoreException>().WithMessage("*deleted or replaced*");

        (await store.FindAsync("s", CancellationToken.None)).Should().BeNull();
        (await store.CheckAsync(CancellationToken.None)).Should().Be(DependencyState.Unreachable);
        store.Count.Should().Be(0, "the room of a state that was not stored is free again");
    }

    [Test]
    public async Task Put_AfterTheOwnerFileWasTouched_StoresAllTheSame()
    {
        var store = CreateStore();
        File.SetLastWriteTimeUtc(_folder.Combine("teal.owner"), RealClock.Now.AddDays(-1));

        (await store.PutAsync(State("s"), CancellationToken.None)).Should().Be(StoreResult.Stored);
    }

    [Test]
    public async Task Put_AfterTheOwnerFileWasReplaced_Fails()
    {
        var store = CreateStore();
        await File.WriteAllBytesAsync(_folder.Combine("teal.owner"), Guid.NewGuid().ToByteArray());

        await FluentActions.Awaiting(() => store.PutAsync(State("s"), CancellationToken.None).AsTask())
            .Should().ThrowAsync<SqliteStoreException>().WithMessage("*deleted or replaced*");
    }

    [Test]
    public void Open_ADatabaseWithoutItsTable_SaysSo()
    {
        CreateStore();
        Close();
        Execute("DROP TABLE callback_states");

        FluentActions.Invoking(() => CreateStore()).Should().Throw<SqliteStoreException>().WithMessage("*not a database of this version*");
    }

    [Test]
    public async Task Put_ManyAtOnce_ShareCommits()
    {
        var database = Track(SqliteDatabase.Open(new SqliteOptions { DataDirectory = _folder.Path }));
        var writer = Track(new SqliteWriter(database, new SqliteOptions(), NullLogger<SqliteWriter>.Instance));
        using var gate = new ManualResetEventSlim();
        var commits = 0;
        var first = writer.WriteAsync(_ => gate.Wait(), () => { });
        var rest = Enumerable.Range(0, 100)
            .Select(_ => writer.WriteAsync(connection => commits += Changes(connection), () => { })).ToArray();

        gate.Set();
        await Task.WhenAll([first, .. rest]).WithinLimit();

        commits.Should().Be(100, "each write ran once, none of them being tried alone");
    }

    [Test]
    public async Task Write_OneOfABatchFails_TheOthersAreCommitted()
    {
        var database = Track(SqliteDatabase.Open(new SqliteOptions { DataDirectory = _folder.Path }));
        var writer = Track(new SqliteWriter(database, new SqliteOptions(), NullLogger<SqliteWriter>.Instance));
        using var gate = new ManualResetEventSlim();
        var first = writer.WriteAsync(_ => gate.Wait(), () => { });
        var good = writer.WriteAsync(connection => Insert(connection, "good"), () => { });
        var bad = writer.WriteAsync(_ => throw new InvalidOperationException("bad"), () => { });
        var alsoGood = writer.WriteAsync(connection => Insert(connection, "also good"), () => { });
        gate.Set();

        await Task.WhenAll(first, good, alsoGood).WithinLimit();
        await FluentActions.Awaiting(() => bad.WithinLimit()).Should().ThrowAsync<InvalidOperationException>().WithMessage("bad");
        Close();
        Rows().Should().Be(2);
    }

    [Test]
    public async Task Write_WhenTooManyWait_FailsAtOnce()
    {
        var database = Track(SqliteDatabase.Open(new SqliteOptions { DataDirectory = _folder.Path }));
        var writer = Track(new SqliteWriter(database, new SqliteOptions { WriteQueueLength = 1 }, NullLogger<SqliteWriter>.Instance));
        using var gate = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var first = writer.WriteAsync(_ => { begun.Set(); gate.Wait(); }, () => { });
        begun.Wait(Eventually.Limit).Should().BeTrue();
        var second = writer.WriteAsync(_ => { }, () => { });

        await FluentActions.Awaiting(() => writer.WriteAsync(_ => { }, () => { })).Should().ThrowAsync<JournalFullException>();

        gate.Set();
        await Task.WhenAll(first, second).WithinLimit();
    }

    [Test]
    public async Task Find_WhileTheDiskIsBusy_DoesNotWait()
    {
        var options = new SqliteOptions { DataDirectory = _folder.Path };
        var database = Track(SqliteDatabase.Open(options));
        var writer = Track(new SqliteWriter(database, options, NullLogger<SqliteWriter>.Instance));
        var store = new SqliteCallbackStateStore(database, writer, new CallbackStateOptions(), Clock);
        await store.PutAsync(State("s"), CancellationToken.None);
        using var gate = new ManualResetEventSlim();
        var busy = writer.WriteAsync(_ => gate.Wait(), () => { });

        store.FindAsync("s", CancellationToken.None).IsCompletedSuccessfully.Should().BeTrue();
        store.FindAsync("unknown", CancellationToken.None).IsCompletedSuccessfully.Should().BeTrue();

        gate.Set();
        await busy.WithinLimit();
    }

    [Test]
    public async Task Put_WhileTheSyncHangs_IsFoundBehindIt()
    {
        var options = new SqliteOptions { DataDirectory = _folder.Path };
        var database = Track(SqliteDatabase.Open(options));
        var writer = Track(new SqliteWriter(database, options, NullLogger<SqliteWriter>.Instance));
        var store = new SqliteCallbackStateStore(database, writer, new CallbackStateOptions(), Clock);
        using var begun = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        writer.Syncing = () =>
        {
            begun.Set();
            gate.Wait();
        };

        var putting = store.PutAsync(State("s"), CancellationToken.None).AsTask();
        begun.Wait(Eventually.Limit).Should().BeTrue();

        (await store.FindAsync("s", CancellationToken.None)).Should().BeNull();
        putting.IsCompleted.Should().BeFalse();
        gate.Set();
        (await putting.WithinLimit()).Should().Be(StoreResult.Stored);
        (await store.FindAsync("s", CancellationToken.None)).Should().NotBeNull();
    }

    protected override ICallbackStateStore CreateStore() => CreateStore(_folder.Path);

    private SqliteCallbackStateStore CreateStore(string folder)
    {
        var options = new SqliteOptions { DataDirectory = folder };
        var database = Track(SqliteDatabase.Open(options));
        return new SqliteCallbackStateStore(
            database, Track(new SqliteWriter(database, options, NullLogger<SqliteWriter>.Instance)), new CallbackStateOptions(), Clock);
    }

    private Action Opening() => () => Track(SqliteDatabase.Open(new SqliteOptions { DataDirectory = _folder.Path }));

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

    private long Rows()
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM callback_states";
        return (long)command.ExecuteScalar()!;
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_folder.Combine("teal.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private static int Changes(SqliteConnection connection)
    {
        Insert(connection, Guid.NewGuid().ToString());
        return 1;
    }

    private static void Insert(SqliteConnection connection, string state)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO callback_states (state, with_fragment, owner) VALUES ($state, 0, 'anonymous')";
        command.Parameters.AddWithValue("$state", state);
        command.ExecuteNonQuery();
    }
}
