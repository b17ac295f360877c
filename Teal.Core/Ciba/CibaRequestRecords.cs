using System.Security.Cryptography;
using System.Text;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.Records;

namespace Teal.Core.Ciba;

/// <summary>
/// CIBA requests as records. A record's key is the hash of its topic, as request ids are secret and may be long; its value the hash of the
/// token, and behind it the owner in ASCII. What is changed is what was found, or nothing is.
/// </summary>
internal sealed class CibaRequestRecords(IRecordStore records, TimeProvider clock)
{
    private const string Collection = "ciba-request";

    /// <summary>The request, and the version of its record; none, and 0: there is none.</summary>
    public async ValueTask<(CibaRequest? Request, long Version)> FindAsync(string requestId)
    {
        var record = await records.FindAsync(Collection, KeyOf(requestId), CancellationToken.None);
        return record is not null && Read(record) is { } request ? (request, record.Version) : (null, record?.Version ?? 0);
    }

    /// <summary>Stores a request, where what is there has that version.</summary>
    public ValueTask<RecordResult> PutAsync(string requestId, CibaRequest request, long version)
    {
        byte[] value = [.. request.TokenHash.Span, .. Encoding.ASCII.GetBytes(request.Owner)];
        return records.PutAsync(Collection, KeyOf(requestId), value, request.ExpiresAt, version, CancellationToken.None);
    }

    /// <summary>Deletes a request that has that version. False: another one is there meanwhile, or none.</summary>
    public async ValueTask<bool> DeleteAsync(string requestId, long version) =>
        // One that has ended takes its place, so that nothing is deleted that came in between.
        await records.PutAsync(
            Collection, KeyOf(requestId), ReadOnlyMemory<byte>.Empty, clock.GetUtcNow().UtcDateTime, version, CancellationToken.None)
        == RecordResult.Stored;

    /// <summary>The owners of all requests, each as often as it has some.</summary>
    public IAsyncEnumerable<string> ListOwnersAsync() =>
        records.ListAsync(Collection, "", CancellationToken.None).Select(static record => Read(record)?.Owner).OfType<string>();

    private static string KeyOf(string requestId) =>
        Convert.ToHexStringLower(TopicHash.Of(new Topic(EventKinds.OpenIdCibaCallback, requestId)));

    private static CibaRequest? Read(StoredRecord record) =>
        record is { ExpiresAt: { } end, Value.Length: > SHA256.HashSizeInBytes }
            ? new CibaRequest(
                Encoding.ASCII.GetString(record.Value.Span[SHA256.HashSizeInBytes..]), record.Value[..SHA256.HashSizeInBytes], end)
            : null;
}
