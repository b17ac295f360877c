using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;

namespace Teal.Core.States;

/// <summary>
/// The one place where states are made and ended, whatever a client speaks: the state and the events that are kept of it, both or
/// neither. Members throw when the store or the journal fails, once what was done is undone; a process or a store that ends in the
/// middle leaves what it has. Any thread may call them.
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

    /// <summary>
    /// Stores a state or replaces its settings, and has the events that are kept of it kept as long. Null: there is no room, and
    /// nothing was done.
    /// </summary>
    public async ValueTask<StateChange?> CreateAsync(CallbackState state)
    {
        var former = await store.FindForClientAsync(state.State, CancellationToken.None);
        var change = new StateChange(state with { ExpiresAt = ToMicroseconds(state.ExpiresAt) }, former);
        try
        {
            var stored = store.PutAsync(change.State, CancellationToken.None).AsTask();

            // A full store says so at once.
            if (stored.IsCompletedSuccessfully && await stored == StoreResult.Full) return null;

            // Together, as each may wait for a disk.
            await Task.WhenAll(stored, KeepUntilAsync(change.State));
            if (await stored == StoreResult.Stored) return change;
        }
        catch (Exception)
        {
            await TakeBackAsync(change);
            throw;
        }

        await TakeBackAsync(change);
        return null;
    }

    /// <summary>
    /// Has a state be as it was before <see cref="CreateAsync"/>, unless somebody changed or ended it since. Never throws: where the
    /// store is away, the state stays until it expires, or the client tries again.
    /// </summary>
    public async ValueTask TakeBackAsync(StateChange change)
    {
        try
        {
            var found = await store.FindForClientAsync(change.State.State, CancellationToken.None);
            if (found != change.State && found != change.Former) return;

            // Where it was not stored, the end of its events may have moved all the same.
            if (found is not null && change.Former is null) await store.DeleteAsync(change.State.State, CancellationToken.None);
            if (found != change.Former && change.Former is not null) await store.PutAsync(change.Former, CancellationToken.None);
            if (change.Former is not null) await KeepUntilAsync(change.Former);
        }
        catch (Exception)
        {
            // Whoever asked is told of the fault that this is done for.
        }
    }

    /// <summary>Deletes a state, and the events that are kept of it; one that is not there is no error. Cannot be taken back.</summary>
    public async ValueTask DeleteAsync(string state)
    {
        var former = await store.FindForClientAsync(state, CancellationToken.None);
        try
        {
            // The events last, as nobody can bring them back.
            await store.DeleteAsync(state, CancellationToken.None);
            await journal.DeleteAsync(new Topic(EventKinds.Callback, state), CancellationToken.None);
        }
        catch (Exception)
        {
            if (former is not null) await BringBackAsync(former);
            throw;
        }
    }

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
        if (state.ExpiresAt is { } end)
            await journal.KeepUntilAsync(new Topic(EventKinds.Callback, state.State), end, CancellationToken.None);
    }

    // Up to the next whole one, as all stores keep it: so a state that is found can be compared with the one that was stored.
    private static DateTime? ToMicroseconds(DateTime? instant)
    {
        var surplus = (instant?.Ticks ?? 0) % TimeSpan.TicksPerMicrosecond;
        return surplus == 0 ? instant : instant!.Value.AddTicks(TimeSpan.TicksPerMicrosecond - surplus);
    }

    private static string Words(TimeSpan duration) =>
        duration.Ticks % TimeSpan.TicksPerDay == 0 && duration > TimeSpan.Zero
            ? $"{duration.TotalDays} days" : $"{duration.TotalSeconds} seconds";
}
