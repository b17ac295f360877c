using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Sqlite;
using Teal.Sqlite.Database;
using Teal.Sqlite.Writing;
using Teal.Tests.Support;

namespace Teal.Tests.Sqlite;

public sealed class SqliteWriterTests
{
    private TemporaryFolder _folder = null!;
    private SqliteDatabase _database = null!;
    private SqliteWriter _writer = null!;

    [SetUp]
    public void Open()
    {
        _folder = new TemporaryFolder();
        Open(new SqliteOptions { DataDirectory = _folder.Path });
    }

    private void Open(SqliteOptions options)
    {
        _database = SqliteDatabase.Open(options);
        _writer = new SqliteWriter(_database, options, NullLogger<SqliteWriter>.Instance);
    }

    [TearDown]
    public void End()
    {
        Close();
        _folder.Dispose();
    }

    private void Close()
    {
        _writer.Dispose();
        _database.Dispose();
    }

    [Test]
    public async Task Write_Many_WhatAwaitsThemGoesOnInTheirOrder()
    {
        const int Writes = 5000;
        var order = new List<int>();
        using var gate = new ManualResetEventSlim();
        var first = _writer.WriteAsync(_ => gate.Wait(), static () => { });
        var all = Enumerable.Range(0, Writes).Select(async i =>
        {
            // As in the server: NUnit has a synchronization context, which hands each continuation to some thread.
            await _writer.WriteAsync(static _ => { }, static () => { }).ConfigureAwait(false);
            order.Add(i);
        }).ToArray();

        gate.Set();
        await first.WithinLimit();
        await Task.WhenAll(all).WithinLimit();

        order.Should().Equal(Enumerable.Range(0, Writes));
    }

    [Test]
    public async Task Write_OneFailsAmongOthers_OnlyThatOneFails()
    {
        using var gate = new ManualResetEventSlim();
        var first = _writer.WriteAsync(_ => gate.Wait(), static () => { });
        var others = Enumerable.Range(0, 10)
            .Select(i => _writer.WriteAsync(_ => { if (i == 5) throw new InvalidOperationException("the fifth"); }, static () => { }))
            .ToArray();
        gate.Set();

        await first.WithinLimit();
        foreach (var (i, other) in others.Index())
        {
            if (i == 5)
                await FluentActions.Awaiting(() => other.WithinLimit())
                    .Should().ThrowAsync<InvalidOperationException>().WithMessage("the fifth");
            else await other.WithinLimit();
        }
    }

    [Test]
    public async Task Write_WhileAnotherProgramWritesForAMoment_WaitsForIt()
    {
        using var other = OpenElsewhere();
        using var writing = other.BeginTransaction();

        var write = _writer.WriteAsync(static _ => { }, static () => { });
        await FluentActions.Awaiting(() => write.WaitAsync(TimeSpan.FromMilliseconds(300))).Should().ThrowAsync<TimeoutException>();
        writing.Rollback();

        await write.WithinLimit();
    }

    [Test]
    public async Task Write_WhileAnotherProgramKeepsTheDatabase_AllThatWaitFailAfterOneWait()
    {
        Close();
        Open(new SqliteOptions { DataDirectory = _folder.Path, SecondsForOthers = 1 });
        using var other = OpenElsewhere();
        using var writing = other.BeginTransaction();

        var writes = Enumerable.Range(0, 20).Select(_ => _writer.WriteAsync(static _ => { }, static () => { })).ToArray();

        foreach (var write in writes)
            (await FluentActions.Awaiting(() => write.WithinLimit()).Should().ThrowAsync<SqliteException>())
                .Which.SqliteErrorCode.Should().Be(5, "it is locked");
        _writer.IsHealthy.Should().BeFalse();

        writing.Rollback();
        await _writer.WriteAsync(static _ => { }, static () => { }).WithinLimit();
        _writer.IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task Log_ThatAnotherProgramReadsFromWithoutAnEnd_IsToldAndBoundedAndShortAgainAfterwards()
    {
        _writer.Dispose();
        var log = new LogRecorder();
        const long Most = 20 * 1024 * 1024;
        _writer = new SqliteWriter(
            _database, new SqliteOptions { DataDirectory = _folder.Path, MaximumLogSize = Most },
            new Logger<SqliteWriter>(new LoggerFactory([log])));
        await _writer.WriteAsync(
            static connection => SqliteCommands.Execute(connection, "CREATE TABLE ballast (content BLOB)")).WithinLimit();
        using var other = OpenElsewhere();
        using var reading = other.BeginTransaction(deferred: true);
        using (var read = other.CreateCommand())
        {
            read.CommandText = "SELECT count(*) FROM ballast";
            read.ExecuteScalar();
        }

        var fault = await FluentActions.Awaiting(async () => { while (true) await FillAsync(); })
            .Should().ThrowAsync<SqliteStoreException>();
        fault.WithMessage("*-wal*another program*");
        new FileInfo(_database.Path + "-wal").Length.Should().BeLessThan(Most + (2 * 1024 * 1024));
        _writer.IsHealthy.Should().BeFalse();
        log.Lines.Should().Contain(static line => line.Id.Id == 4003);

        reading.Rollback();
        await FillAsync();
        _writer.IsHealthy.Should().BeTrue();
        new FileInfo(_database.Path + "-wal").Length.Should().BeLessThan(2 * 1024 * 1024);
        await Eventually.HoldsAsync(() => log.Lines.Any(static line => line.Id.Id == 4004), "a message that it is short");

        Task FillAsync() => _writer.WriteAsync(
            static connection => SqliteCommands.Execute(connection, "INSERT INTO ballast VALUES (zeroblob(100000))")).WithinLimit();
    }

    private SqliteConnection OpenElsewhere()
    {
        var connection = new SqliteConnection($"Data Source={_database.Path};Pooling=False");
        connection.Open();
        return connection;
    }
}
