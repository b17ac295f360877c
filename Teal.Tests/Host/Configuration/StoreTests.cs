using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Records;
using Teal.Host.Configuration;
using Teal.Tests.Support;

namespace Teal.Tests.Host.Configuration;

/// <summary>What a server gets from each store, by the settings.</summary>
internal sealed class StoreTests
{
    private readonly Dictionary<string, string> _settings = [];
    private TemporaryFolder _folder = null!;
    private RedisServer? _redis;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public async Task DeleteAsync()
    {
        if (_redis is not null) await _redis.DisposeAsync();
        _folder.Dispose();
    }

    [TestCaseSource(nameof(Names))]
    public async Task Records_OfAServer_HaveTheBoundsThatAreSet(string store)
    {
        _settings["Records:MaximumRecords"] = "2";
        _settings["Records:MaximumRecordSize"] = "1 KiB";
        await using var server = await StartAsync(store);

        (await PutAsync(server, "a", size: 1025)).Should().Be(RecordResult.TooLong);
        (await PutAsync(server, "a", size: 1024)).Should().Be(RecordResult.Stored);
        (await PutAsync(server, "b")).Should().Be(RecordResult.Stored);
        (await PutAsync(server, "c")).Should().Be(RecordResult.Full);
    }

    // Until it is swept it takes the only place.
    [TestCaseSource(nameof(Names))]
    public async Task Record_OfAServerThatHasEnded_IsSwept(string store)
    {
        _settings["Records:MaximumRecords"] = "1";
        _settings["SweepInterval"] = "20 ms";
        await using var server = await StartAsync(store);
        await PutAsync(server, "a", endsAt: RealClock.Now.AddMilliseconds(1));

        await Eventually.HoldsAsync(async () => await PutAsync(server, "b") == RecordResult.Stored, "a place for another record");
    }

    private static IEnumerable<TestCaseData> Names() => Store.All.Select(static store =>
    {
        var data = new TestCaseData(store.Name);
        return store == Store.Redis ? data.SetCategory("Redis") : data;
    });

    private static Task<RecordResult> PutAsync(TestServer server, string key, int size = 0, DateTime? endsAt = null) =>
        server.Services.GetRequiredService<IRecordStore>()
            .PutAsync("collection", key, new byte[size], endsAt, null, CancellationToken.None).AsTask().WithinLimit();

    private async Task<TestServer> StartAsync(string store)
    {
        _settings["Store"] = store;
        _settings["DataDirectory"] = _folder.Path;
        if (store == Store.Redis.Name)
        {
            _redis = await RedisServer.StartNewAsync();
            _settings["Redis:Configuration"] = _redis.EndPoint;
        }

        return await TestServer.StartAsync(_settings);
    }
}
