using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Sqlite;
using Teal.Sqlite.Database;
using Teal.Sqlite.Journal;
using Teal.Sqlite.Writing;

namespace Teal.Benchmarks.Micro;

/// <summary>Keeps events that arrive together, on a disk; the figures are those of one event.</summary>
public class JournalAppendBenchmark : IDisposable
{
    private const int Events = 512, Topics = 1000;

    private readonly string _folder = Directory.CreateTempSubdirectory("teal-append-").FullName;
    private readonly string[] _topics = Samples.States(Topics);
    private SqliteDatabase? _database;
    private SqliteWriter? _writer;
    private SqliteEventJournal? _journal;
    private int _next;

    [Params(1, 32, 512)]
    public int Together { get; set; }

    [GlobalSetup]
    public void Open()
    {
        var options = new SqliteOptions { DataDirectory = _folder };
        _database = SqliteDatabase.Open(options);
        _writer = new SqliteWriter(_database, options, NullLogger<SqliteWriter>.Instance);
        _journal = new SqliteEventJournal(_database, _writer, new JournalOptions(), TimeProvider.System);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _journal?.Dispose();
        _writer?.Dispose();
        _database?.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public async Task Append()
    {
        var appending = new Task<TealEvent>[Together];
        for (var done = 0; done < Events; done += Together)
        {
            for (var i = 0; i < Together; i++)
                appending[i] = _journal!.AppendAsync(
                    Samples.Callback(_topics[(_next = (_next + 7) % Topics)]), new EventRetention(Samples.FarInstant, true),
                    static _ => { }, CancellationToken.None).AsTask();
            await Task.WhenAll(appending);
        }
    }
}
