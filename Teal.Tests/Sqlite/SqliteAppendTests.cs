using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Sqlite;
using Teal.Sqlite.Database;
using Teal.Sqlite.Journal;
using Teal.Sqlite.Writing;
using Teal.Tests.Support;

namespace Teal.Tests.Sqlite;

/// <summary>When an event is told of, and when its sender is answered.</summary>
public sealed class SqliteAppendTests
{
    private const int MiB = 1024 * 1024;

    private TemporaryFolder _folder = null!;
    private LogRecorder _log = null!;
    private LoggerFactory _loggers = null!;
    private SqliteDatabase _database = null!;
    private SqliteWriter _writer = null!;
    private SqliteEventJournal _journal = null!;

    [SetUp]
    public void Open()
    {
        _folder = new TemporaryFolder();
        _log = new LogRecorder();
        _loggers = new LoggerFactory([_log]);
        Open(new SqliteOptions { DataDirectory = _folder.Path });
    }

    private void Open(SqliteOptions options)
    {
        _database = SqliteDatabase.Open(options);
        _writer = new SqliteWriter(_database, options, _loggers.CreateLogger<SqliteWriter>());
        _journal = new SqliteEventJournal(_database, _writer, new JournalOptions(), TimeProvider.System);
    }

    [TearDown]
    public void End()
    {
        Close();
        _loggers.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    private void Close()
    {
        _journal.Dispose();
        _writer.Dispose();
        _database.Dispose();
    }

    [Test]
    public async Task Append_WhileTheSyncHangs_TellsAtOnceAndAnswersBehindTheSync()
    {
        using var gate = new ManualResetEventSlim();
        _writer.Syncing = gate.Wait;

        var (keeping, told) = Append("a");
        var kept = await told.WithinLimit();

        (await ReadAsync("a")).Should().Equal(kept);
        keeping.IsCompleted.Should().BeFalse();
        gate.Set();
        (await keeping.WithinLimit()).Should().Be(kept);
    }

    [Test]
    public async Task Append_SeveralWhileTheSyncHangs_AreCommittedTogetherBehindIt()
    {
        using var gate = new ManualResetEventSlim();
        var syncs = 0;
        using var begun = new ManualResetEventSlim();
        _writer.Syncing = () =>
        {
            syncs++;
            begun.Set();
            gate.Wait();
        };
        var first = Append("a");
        begun.Wait(Eventually.Limit).Should().BeTrue();
        var others = Enumerable.Range(0, 20).Select(_ => Append("a")).ToArray();

        await first.Told.WithinLimit();
        others.Should().AllSatisfy(static other => other.Told.IsCompleted.Should().BeFalse());
        gate.Set();
        await Task.WhenAll(others.Select(static other => other.Keeping)).WithinLimit();

        syncs.Should().Be(2);
    }

    [Test]
    public async Task Append_ThatCannotBeSynced_FailsAndNoLaterOneIsAnsweredBeforeTheLogBeganAnew()
    {
        Close();
        Open(new SqliteOptions { DataDirectory = _folder.Path, SecondsForOthers = 1 });
        _writer.Syncing = static () => throw new IOException("the disk is gone");
        var failed = Append("a");

        await FluentActions.Awaiting(() => failed.Keeping.WithinLimit()).Should().ThrowAsync<IOException>();
        await failed.Told.WithinLimit();
        _writer.IsHealthy.Should().BeFalse();
        _log.Lines.Should().ContainSingle(static line => line.Id.Id == 4001).Which.Text.Should().Contain("the disk is gone");

        // The sync would succeed again; but somebody reads from the log, so that it cannot begin anew.
        _writer.Syncing = null;
        using var other = OpenElsewhere();
        using (var reading = other.BeginTransaction(deferred: true))
        {
            using var command = new SqliteCommand("SELECT count(*) FROM events", other, reading);
            command.ExecuteScalar();
            var refused = Append("b");
            (await FluentActions.Awaiting(() => refused.Keeping.WithinLimit()).Should().ThrowAsync<SqliteException>())
                .Which.SqliteErrorCode.Should().Be(5, "it is locked");
            refused.Told.IsCompleted.Should().BeFalse();
        }

        _writer.IsHealthy.Should().BeFalse();
        await Append("c").Keeping.WithinLimit();
        _writer.IsHealthy.Should().BeTrue();
        _log.Lines.Should().ContainSingle(static line => line.Id.Id == 4002);
        new FileInfo(_database.Path + "-wal").Length.Should().BeLessThan(64 * 1024, "it began anew");
    }

    [Test]
    public async Task Append_WhileAnotherProgramHasTheDatabase_WaitsWithoutItsCaller()
    {
        using var other = OpenElsewhere();
        using var writing = other.BeginTransaction();

        var started = Stopwatch.GetTimestamp();
        var (keeping, told) = Append("a");
        Stopwatch.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(new SqliteOptions().SecondsForOthers));
        told.IsCompleted.Should().BeFalse();
        writing.Rollback();

        (await keeping.WithinLimit()).Should().Be(await told.WithinLimit());
        _writer.IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task Append_MoreThanTheLogIsToHold_BeginsItAnew()
    {
        var filling = new string('x', 100_000);
        for (var i = 0; i < 600; i++) await Append("a", filling).Keeping.WithinLimit();

        new FileInfo(_database.Path + "-wal").Length.Should().BeLessThan(30 * MiB, "58 MiB were written into it");
        (await ReadAsync("a")).Should().HaveCount(600);
    }

    [Test]
    public async Task Dispose_WhileEventsArrive_FinishesWhatItTook()
    {
        var answered = 0;
        var sending = Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    await Append($"{sender}").Keeping;
                    Interlocked.Increment(ref answered);
                }
                catch (SqliteStoreException)
                {
                    return;
                }
            }
        })).ToArray();
        await Eventually.HoldsAsync(() => Volatile.Read(ref answered) > 100, "some events");

        await Task.Run(_writer.Dispose).WithinLimit();

        await Task.WhenAll(sending).WithinLimit();
        using var other = OpenElsewhere();
        using var command = new SqliteCommand("SELECT count(*) FROM events", other);
        command.ExecuteScalar().Should().Be((long)answered);
    }

    [Test]
    public async Task Append_WhileWhatStrangersSendFillsTheQueue_FindsRoomWhereAProgramWaits()
    {
        await _journal.ClaimAsync(new Topic(EventKinds.OpenIdCibaCallback, "claimed"), CancellationToken.None);
        using var gate = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var busy = _writer.WriteAsync(_ => { begun.Set(); gate.Wait(); }, () => { });
        begun.Wait(Eventually.Limit).Should().BeTrue();
        var strangers = Enumerable.Range(0, new SqliteOptions().WriteQueueLength).Select(i => AppendUninvited($"{i}")).ToArray();
        await FluentActions.Awaiting(() => AppendUninvited("one more")).Should().ThrowAsync<JournalFullException>();

        var claimed = AppendUninvited("claimed");
        gate.Set();

        (await claimed.WithinLimit()).Place.Position.Should().BePositive();
        await Task.WhenAll([busy, .. strangers]).WithinLimit();
    }

    private Task<TealEvent> AppendUninvited(string id) => _journal.AppendAsync(
        new OpenIdCibaEvent(DateTime.UnixEpoch, id, "token", null, null), new EventRetention(RealClock.InAnHour, false), static _ => { },
        CancellationToken.None).AsTask();

    private (Task<TealEvent> Keeping, Task<TealEvent> Told) Append(string state, string url = "")
    {
        var told = new TaskCompletionSource<TealEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        var keeping = _journal.AppendAsync(
            new CallbackEvent(DateTime.UnixEpoch, url, state), new EventRetention(RealClock.InAnHour, true), told.SetResult,
            CancellationToken.None);
        return (keeping.AsTask(), told.Task);
    }

    private async Task<IReadOnlyList<TealEvent>> ReadAsync(string state) =>
        (await _journal.ReadAsync(new Topic(EventKinds.Callback, state), 0, 1000, CancellationToken.None)).Events;

    private SqliteConnection OpenElsewhere()
    {
        var connection = new SqliteConnection($"Data Source={_database.Path};Pooling=False");
        connection.Open();
        return connection;
    }
}
