using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.Wire;

namespace Teal.Core.States;

/// <summary>
/// The one place where states are made and ended, whatever a client speaks: the state and the events that are kept of it, both or
/// neither. Permissions, owners and redirects are looked at here, too (specification 8.4, 8.5, 8.6). Members throw when the store or the
/// journal fails, once what was done is undone; a process or a store that ends in the middle leaves what it has. Any thread may call them.
/// </summary>
public sealed class StateService(ICallbackStateStore store, IEventJournal journal, CallbackStateOptions options, TimeProvider clock)
{
    // A client computes «now and seven days» a moment before the server looks at its clock.
    private static readonly TimeSpan Forgiven = TimeSpan.FromSeconds(10);

    /// <summary>Why a state cannot end then; null: it can. To be asked before <see cref="CreateAsync"/>.</summary>
    /// <param name="expiresAt">The instant, UTC.</param>
    public LifetimeFault? FaultOf(DateTime expiresAt)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (expiresAt < now + options.MinimumLifetime)
            return new LifetimeFault(true, $"expires_at must be at least {Words(options.MinimumLifetime)} ahead.");
        if (expiresAt > now + options.MaximumLifetime + Forgiven)
            return new LifetimeFault(false, $"expires_at must be at most {Words(options.MaximumLifetime)} ahead.");
        return null;
    }

    /// <summary>Whether somebody may make, replace and delete a state of that name, where it is not another team's.</summary>
    public static bool MayChange(Identity by, string state) => by.May(Act.Create, TopicOf(state));

    /// <summary>
    /// Stores a state or replaces its settings, and has the events that are kept of it kept as long. It belongs to the team of whoever
    /// makes it.
    /// </summary>
    public async ValueTask<StateCreation> CreateAsync(Identity by, StateWish wish)
    {
        if (!MayChange(by, wish.State)) return ChangeOutcome.NotAllowed;
        if (!by.Redirects.Allows(wish.FinalRedirectUrl)) return ChangeOutcome.RedirectNotAllowed;

        var former = await store.FindForClientAsync(wish.State, CancellationToken.None);
        if (former is not null && former.Owner != by.Team) return ChangeOutcome.Taken;

        var state = new CallbackState(wish.State, wish.FinalRedirectUrl, wish.WithFragment, UnixInstant.RoundUp(wish.ExpiresAt), by.Team)
        {
            MadeBy = StateMaker.TextOf(by),
        };
        var change = new StateChange(state, former);
        StoreResult result;
        try
        {
            var storing = store.PutAsync(state, CancellationToken.None).AsTask();

            // A full store says so at once.
            if (storing.IsCompletedSuccessfully && await storing == StoreResult.Full) return ChangeOutcome.NoRoom;

            // Together, as each may wait for a disk.
            await Task.WhenAll(storing, KeepUntilAsync(state));
            result = await storing;
        }
        catch (Exception)
        {
            await TakeBackAsync(change);
            throw;
        }

        if (result == StoreResult.Stored) return new StateCreation(ChangeOutcome.Done, change);

        await TakeBackAsync(change);
        return result == StoreResult.NotYours ? ChangeOutcome.Taken : ChangeOutcome.NoRoom;
    }

    /// <summary>
    /// Has a state be as it was before <see cref="CreateAsync"/>, unless somebody changed or ended it since. Never throws: where the
    /// store is away, the state stays until it expires, or the client tries again.
    /// </summary>
    public async ValueTask TakeBackAsync(StateChange change)
    {
        try
        {
            var (state, former) = change;
            var found = await store.FindForClientAsync(state.State, CancellationToken.None);
            if (found == state)
            {
                if (former is null) await store.DeleteAsync(state.State, state.Owner, CancellationToken.None);
                else await store.PutAsync(former, CancellationToken.None);
                found = former;
            }

            // Where it was not stored, the end of its events may have moved all the same, and they may be another team's now.
            if (found is not null) await KeepUntilAsync(found);
        }
        catch (Exception)
        {
            // Whoever asked is told of the fault that this is done for.
        }
    }

    /// <summary>
    /// Deletes a state, and the events that are kept of it. One that is not there is no error; nor is one of another team, of which nothing
    /// is deleted. Cannot be taken back.
    /// </summary>
    public async ValueTask<ChangeOutcome> DeleteAsync(Identity by, string state)
    {
        if (!MayChange(by, state)) return ChangeOutcome.NotAllowed;

        var former = await store.FindForClientAsync(state, CancellationToken.None);
        try
        {
            // Also where it is another team's, so that nobody can tell by the time that there is one. The events last, as nobody can bring
            // them back.
            var isDeleted = await store.DeleteAsync(state, by.Team, CancellationToken.None);
            if (isDeleted || (await MayForgetAsync(by, state) && former is null))
                await journal.DeleteAsync(TopicOf(state), CancellationToken.None);
        }
        catch (Exception)
        {
            if (former?.Owner == by.Team) await BringBackAsync(former);
            throw;
        }

        return ChangeOutcome.Done;
    }

    // Whether the events of a state that is not stored are one's to delete: what is left of one's own, and for anonymous nobody's.
    private async ValueTask<bool> MayForgetAsync(Identity by, string state) =>
        (await journal.FindOwnerAsync(TopicOf(state), CancellationToken.None) ?? Identity.AnonymousName) == by.Team;

    private async ValueTask BringBackAsync(CallbackState deleted)
    {
        try
        {
            if (await store.FindForClientAsync(deleted.State, CancellationToken.None) is null)
                await store.PutAsync(deleted, CancellationToken.None);
        }
        catch (Exception)
        {
            // Whoever asked is told of the fault that this is done for.
        }
    }

    private async Task KeepUntilAsync(CallbackState state)
    {
        if (state.ExpiresAt is { } end) await journal.KeepUntilAsync(TopicOf(state.State), end, CancellationToken.None);
    }

    private static Topic TopicOf(string state) => new(EventKinds.Callback, state);

    private static string Words(TimeSpan duration) =>
        duration.Ticks % TimeSpan.TicksPerDay == 0 && duration > TimeSpan.Zero
            ? $"{duration.TotalDays} days" : $"{duration.TotalSeconds} seconds";
}
