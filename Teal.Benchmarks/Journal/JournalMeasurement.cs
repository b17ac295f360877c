using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Sqlite;
using Teal.Sqlite.Database;
using Teal.Sqlite.Journal;
using Teal.Sqlite.Writing;

namespace Teal.Benchmarks.Journal;

/// <summary>Fills a journal in a folder of its own, opens it again, and looks and reads there.</summary>
internal static class JournalMeasurement
{
    private const int Outstanding = 512;
    private const int Lookups = 20_000;
    private const int PageLength = 128;

    /// <summary>One row of the table.</summary>
    public static async Task<string> RunAsync(int events, int topics)
    {
        var folder = Directory.CreateTempSubdirectory("teal-journal-").FullName;
        try
        {
            var filling = Stopwatch.StartNew();
            using (var opened = Open(folder)) await FillAsync(opened.Journal, events, topics);
            filling.Stop();
            var size = new FileInfo(Path.Combine(folder, "teal.db")).Length;

            GC.Collect();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var starting = Stopwatch.StartNew();
            using var again = Open(folder);
            starting.Stop();
            var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
            if (again.Journal.Usage.Events != events) throw new InvalidOperationException("The journal does not hold what was kept.");

            var looking = Stopwatch.StartNew();
            for (var i = 0; i < Lookups; i++) await again.Journal.FindEndAsync(TopicOf(i * 7919 % (topics * 2)), CancellationToken.None);
            looking.Stop();

            var replaying = Stopwatch.StartNew();
            var replayed = 0;
            for (var topic = 0; topic < topics && replayed < 200_000; topic++) replayed += await ReplayAsync(again.Journal, TopicOf(topic));
            replaying.Stop();

            return string.Create(
                CultureInfo.InvariantCulture,
                $"| {events,7} | {topics,7} | {events / filling.Elapsed.TotalSeconds,10:0} | {size / 1048576.0:0} MiB | "
                    + $"{starting.Elapsed.TotalMilliseconds:0} ms | {memory / 1048576.0:0.0} MiB | "
                    + $"{looking.Elapsed.TotalMicroseconds / Lookups:0.0} µs | {replayed / replaying.Elapsed.TotalSeconds,10:0} |");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task FillAsync(SqliteEventJournal journal, int events, int topics)
    {
        var keepUntil = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Outstanding).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < events;)
            {
                var state = TopicOf(i % topics).Key;
                await journal.AppendAsync(
                    new CallbackEvent(
                        TimeProvider.System.GetUtcNow().UtcDateTime, $"https://teal.example.org/callback?state={state}&code=4711{i}",
                        state)
                    {
                        Owner = Identity.AnonymousName,
                    },
                    new EventRetention(keepUntil, true), static _ => { }, CancellationToken.None);
            }
        })));
    }

    private static async Task<int> ReplayAsync(SqliteEventJournal journal, Topic topic)
    {
        var (after, count) = (0L, 0);
        while (true)
        {
            var page = await journal.ReadAsync(topic, after, PageLength, int.MaxValue, CancellationToken.None);
            count += page.Events.Count;
            if (page.Events.Count < PageLength) return count;
            after = page.Events[^1].Place.Position;
        }
    }

    private static Topic TopicOf(int number) => new(EventKinds.Callback, $"{number:x16}");

    private static Opened Open(string folder)
    {
        var options = new SqliteOptions { DataDirectory = folder };
        var database = SqliteDatabase.Open(options);
        var writer = new SqliteWriter(database, options, NullLogger<SqliteWriter>.Instance);
        return new Opened(database, writer, new SqliteEventJournal(database, writer, new JournalOptions(), TimeProvider.System));
    }

    private sealed record Opened(SqliteDatabase Database, SqliteWriter Writer, SqliteEventJournal Journal) : IDisposable
    {
        public void Dispose()
        {
            Journal.Dispose();
            Writer.Dispose();
            Database.Dispose();
        }
    }
}
