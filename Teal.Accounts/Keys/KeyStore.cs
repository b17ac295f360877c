using System.Runtime.CompilerServices;
using System.Text.Json;
using Teal.Core.Records;

namespace Teal.Accounts.Keys;

/// <summary>
/// The keys among the records. A key is found by its id, in the collection <c>key</c>; the collection <c>account-key</c> has a name
/// <c>ACCOUNT/ID</c> for each, by which an account's keys are found. A name without a key means nothing; a key without a name there is not.
/// </summary>
internal sealed class KeyStore(IRecordStore records)
{
    private const string Keys = "key", Names = "account-key";

    /// <summary>The key with that id, and its version; null: there is none, or it is over.</summary>
    public async ValueTask<(KeyRecord Key, long Version)?> FindAsync(string id, CancellationToken cancellationToken) =>
        await records.FindAsync(Keys, id, cancellationToken) is { } found ? (Read(found), found.Version) : null;

    /// <summary>The keys of an account, with their ids.</summary>
    public async IAsyncEnumerable<(string Id, KeyRecord Key)> ListAsync(
        string account, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in records.ListAsync(Names, Prefix(account), cancellationToken))
        {
            var id = name.Key[Prefix(account).Length..];
            if (await FindAsync(id, cancellationToken) is var (key, _)) yield return (id, key);
        }
    }

    /// <summary>How many keys an account has. Some that are over, or are about to be made, may be among them.</summary>
    public ValueTask<int> CountAsync(string account, CancellationToken cancellationToken) =>
        records.CountAsync(Names, Prefix(account), cancellationToken);

    /// <summary>How many keys there are. Some that are over, or are about to be made, may be among them.</summary>
    public ValueTask<int> CountAsync(CancellationToken cancellationToken) => records.CountAsync(Names, "", cancellationToken);

    /// <summary>Takes the place of a key that is about to be made.</summary>
    public ValueTask<RecordResult> ReserveAsync(string id, KeyRecord key, CancellationToken cancellationToken) =>
        records.PutAsync(Names, Prefix(key.Account) + id, default, key.ExpiresAt, null, cancellationToken);

    /// <summary>Keeps a key whose place is taken.</summary>
    public ValueTask<RecordResult> AddAsync(string id, KeyRecord key, CancellationToken cancellationToken) =>
        PutAsync(id, key, 0, cancellationToken);

    /// <summary>Keeps what changed of a key. Not where it was changed or revoked meanwhile.</summary>
    public ValueTask<RecordResult> ChangeAsync(string id, KeyRecord key, long version, CancellationToken cancellationToken) =>
        PutAsync(id, key, version, cancellationToken);

    /// <summary>Forgets a key; false: there was none.</summary>
    public async ValueTask<bool> RemoveAsync(string account, string id, CancellationToken cancellationToken)
    {
        // The key first: what is left where the second fails is a name that means nothing.
        var wasThere = await records.DeleteAsync(Keys, id, cancellationToken);
        await records.DeleteAsync(Names, Prefix(account) + id, cancellationToken);
        return wasThere;
    }

    // No account's name has a slash.
    private static string Prefix(string account) => $"{account}/";

    private static KeyRecord Read(StoredRecord record) => JsonSerializer.Deserialize(record.Value.Span, KeyJson.Default.KeyRecord)!;

    private ValueTask<RecordResult> PutAsync(string id, KeyRecord key, long version, CancellationToken cancellationToken) =>
        records.PutAsync(
            Keys, id, JsonSerializer.SerializeToUtf8Bytes(key, KeyJson.Default.KeyRecord), key.ExpiresAt, version, cancellationToken);
}
