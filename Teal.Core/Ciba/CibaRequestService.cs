using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.Records;
using Teal.Core.Wire;

namespace Teal.Core.Ciba;

/// <summary>
/// The one place where CIBA requests are made, found and ended (specification 2.3, 8.4, 8.5): those that clients say beforehand that they
/// wait for. Members throw when the store or the journal fails. Any thread may call them.
/// </summary>
public sealed class CibaRequestService
{
    private readonly CibaRequestRecords _requests;
    private readonly CibaRequestRoom _room;
    private readonly IEventJournal _journal;

    /// <summary>Makes it on a store.</summary>
    public CibaRequestService(IRecordStore records, IEventJournal journal, RecordOptions options, TimeProvider clock)
    {
        _requests = new CibaRequestRecords(records, clock);
        _room = new CibaRequestRoom(_requests, options, clock);
        _journal = journal;
    }

    /// <summary>The request; null: nobody waits for it, or not any more.</summary>
    public async ValueTask<CibaRequest?> FindAsync(string requestId) => (await _requests.FindAsync(requestId)).Request;

    /// <summary>Stores a request, or replaces one of the same team. It belongs to the team of whoever makes it.</summary>
    /// <param name="by">Who makes it.</param>
    /// <param name="requestId">The <c>auth_req_id</c>.</param>
    /// <param name="token">The client notification token.</param>
    /// <param name="expiresAt">When it ends, UTC.</param>
    public async ValueTask<CibaRequestCreation> CreateAsync(Identity by, string requestId, string token, DateTime expiresAt)
    {
        if (!by.May(Act.Create, TopicOf(requestId))) return ChangeOutcome.NotAllowed;

        var request = new CibaRequest(by.Team, CibaRequest.Hash(token), UnixInstant.RoundUp(expiresAt));
        var (former, version) = await _requests.FindAsync(requestId);
        if (IsOfOthers(former, by)) return ChangeOutcome.Taken;
        if (former is null && !await _room.HasAsync(by.Team)) return ChangeOutcome.NoRoom;

        switch (await _requests.PutAsync(requestId, request, version))
        {
            case RecordResult.Stored:
                if (former is null) _room.Add(by.Team);
                break;
            case RecordResult.Conflict:
                // Somebody changed it just then. One of the team counts as the later one, and replaced this one at once.
                if (IsOfOthers((await _requests.FindAsync(requestId)).Request, by)) return ChangeOutcome.Taken;
                break;
            default:
                return ChangeOutcome.NoRoom;
        }

        return new CibaRequestCreation(ChangeOutcome.Done, new CibaRequestChange(requestId, request, former));
    }

    /// <summary>
    /// Has a request be as it was before <see cref="CreateAsync"/>, unless somebody changed or ended it since. Never throws: where the
    /// store is away, the request stays until it expires, or the client tries again.
    /// </summary>
    public async ValueTask TakeBackAsync(CibaRequestChange change)
    {
        try
        {
            var (found, version) = await _requests.FindAsync(change.RequestId);
            if (found is null || !IsSame(found, change.Request)) return;

            if (change.Former is null) await _requests.DeleteAsync(change.RequestId, version);
            else await _requests.PutAsync(change.RequestId, change.Former, version);
        }
        catch (Exception)
        {
            // Whoever asked is told of the fault that this is done for.
        }
    }

    /// <summary>
    /// Deletes a request, and the events that are kept of it. One that is not there is no error; nor is one of another team, of which
    /// nothing is deleted. Cannot be taken back.
    /// </summary>
    public async ValueTask<ChangeOutcome> DeleteAsync(Identity by, string requestId)
    {
        if (!by.May(Act.Create, TopicOf(requestId))) return ChangeOutcome.NotAllowed;

        var (found, version) = await _requests.FindAsync(requestId);
        if (found is null || IsOfOthers(found, by) || !await _requests.DeleteAsync(requestId, version)) return ChangeOutcome.Done;

        try
        {
            // The events last, as nobody can bring them back.
            await _journal.DeleteAsync(TopicOf(requestId), CancellationToken.None);
        }
        catch (Exception)
        {
            await _requests.PutAsync(requestId, found, version: 0);
            throw;
        }

        return ChangeOutcome.Done;
    }

    private static Topic TopicOf(string requestId) => new(EventKinds.OpenIdCibaCallback, requestId);

    private static bool IsOfOthers(CibaRequest? request, Identity by) => request is not null && request.Owner != by.Team;

    private static bool IsSame(CibaRequest one, CibaRequest other) =>
        one.Owner == other.Owner && one.ExpiresAt == other.ExpiresAt && one.TokenHash.Span.SequenceEqual(other.TokenHash.Span);
}
