using Microsoft.Extensions.Logging;
using Teal.Core.Events;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.States;
using Teal.Dispatcher.Connections;
using Teal.Dispatcher.Protocols;
using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Requests;

/// <summary>Does what clients ask for, whatever protocol they speak.</summary>
internal sealed partial class RequestHandler(
    ICallbackStateStore states, IEventJournal journal, RegistrationTable registrations, TopicClaims claims, CursorOrigins origins, DispatcherOptions options, TimeProvider clock, ILogger<RequestHandler> logger)
{
    // How many claims of one connection are under way.
    private const int ClaimsAtOnce = 64;

    private static readonly RequestFault NoRoom =
        new(RequestFaultCode.TooManyRegistrations, "There is no room for further registrations; try again later, or with fewer of them.");

    // So long a bus takes that binds or refuses. One that is away is waited for when the rest is done.
    private static readonly TimeSpan Prompt = TimeSpan.FromMilliseconds(50);

    // A client computes «now and seven days» a moment before the server looks at its clock.
    private static readonly TimeSpan Forgiven = TimeSpan.FromSeconds(10);

    // What a client can repeat is said once and then in sum.
    private readonly RepeatedMessage _notStored = new(logger, LogLevel.Error, "States could not be stored or deleted", clock);
    private readonly RepeatedMessage _full = new(logger, LogLevel.Warning, "There is no room for states, and they were refused", clock);
    private readonly RepeatedMessage _notRegistered = new(logger, LogLevel.Error, "Registrations could not be made", clock);

    /// <summary>Does the request as a whole, or nothing of it. Never throws.</summary>
    public async ValueTask<RequestOutcome> HandleAsync(ClientConnection connection, ClientRequest request)
    {
        if (request.Create is { } wish && FaultOfLifetime(wish.ExpiresAt) is { } tooSoon) return tooSoon;

        Registration? registration = null;
        Registration? former = null;
        var bound = Task.CompletedTask;
        if (request.RegisterTo is { } wanted)
        {
            former = registrations.Find(wanted.Topic, connection);
            if (former is null && FindLimit(connection, wanted.Topic) is { } limit) return limit;

            // The end as it is before the state exists: an event that comes at once is behind it.
            var (beginning, fault) = await FindBeginningAsync(wanted);
            if (fault is not null) return fault;

            // Another place to begin at is another registration.
            if (wanted.After is not null) registrations.Remove(wanted.Topic, connection);
            if (registrations.Add(wanted.Topic, connection, beginning) is not var (added, binding)) return TakeBack(null, former, NoRoom);

            (registration, bound) = (added, binding);
            if (wanted.AsksForEnd) registration.AsksForEnd = true;
            if (await WaitAsync(connection, bound, Prompt) is { } refusal) return TakeBack(registration, former, refusal);
        }

        if (await ChangeAsync(connection, request) is { } failure) return TakeBack(registration, former, failure);
        if (await WaitAsync(connection, bound, options.BindTimeout) is { } lateRefusal) return TakeBack(registration, former, lateRefusal);

        if (request.RegisterTo is { Topic: var topic } && (request.Create?.State != topic.Key || !topic.Kind.HasStates)) await ClaimAsync(connection, topic);
        if (request.UnregisterFrom is { } ended) registrations.Remove(ended, connection);
        return new RequestOutcome(null, registration);
    }

    /// <summary>Lets a registration's events come.</summary>
    public void Begin(Registration registration)
    {
        registration.TellMissing();
        registrations.Begin(registration);
    }

    // The one before, if it was ended for this one, goes on where it was.
    private RequestFault TakeBack(Registration? registration, Registration? former, RequestFault fault)
    {
        if (registration is not null && registration != former) registrations.Remove(registration.Topic, registration.Connection);
        if (former is not { IsEnded: true } || registrations.Add(former.Topic, former.Connection, new Beginning(former.Position, former.IsAtInstant)) is not var (again, _)) return fault;

        again.AsksForEnd = former.AsksForEnd;
        registrations.Begin(again);
        return fault;
    }

    // What the store has to do.
    private async ValueTask<RequestFault?> ChangeAsync(ClientConnection connection, ClientRequest request)
    {
        if (request.Create is not { } creation) return request.Delete is { } alone ? await DeleteAsync(connection, alone) : null;
        if (request.Delete is not { } deleted) return await CreateAsync(connection, creation);

        try
        {
            var former = await states.FindAsync(creation.State, CancellationToken.None);
            if (await CreateAsync(connection, creation) is { } fault) return fault;
            if (await DeleteAsync(connection, deleted) is not { } deleteFault) return null;

            if (former is null) await states.DeleteAsync(creation.State, CancellationToken.None);
            else await states.PutAsync(former, CancellationToken.None);
            return deleteFault;
        }
        catch (Exception exception)
        {
            Report(exception, connection);
            return new RequestFault(RequestFaultCode.StateNotStored, "The state could not be stored; try again later.");
        }
    }

    private RequestFault? FindLimit(ClientConnection connection, Topic topic)
    {
        if (connection.Registrations.Count >= options.MaximumRegistrations)
            return new RequestFault(RequestFaultCode.TooManyRegistrations, $"A connection can register for {options.MaximumRegistrations} topics at most.");
        return registrations.HasRoom(topic, connection) ? null : NoRoom;
    }

    private async ValueTask<(Beginning, RequestFault?)> FindBeginningAsync(RegistrationRequest wanted)
    {
        if (wanted.After is not { } after) return (new Beginning(await FindEndAsync(wanted.Topic) ?? JournalPosition.At(clock.GetUtcNow()), IsInstant: true), null);
        if (after == 0) return (new Beginning(0, IsInstant: false), null);

        // Away: it is believed. What it can be of is known once the journal was asked.
        if (await FindEndAsync(wanted.Topic) is not { } end) return (new Beginning(after, wanted.IsInstant), null);

        if (wanted.Origin is { } origin && origin != origins.Of(wanted.Topic))
        {
            if (origin.Journal == origins.Of(wanted.Topic).Journal) return (default, new RequestFault(RequestFaultCode.InvalidMessage, "after is a cursor of another topic."));

            // Of a journal whose events are not here. All that is here can be new to the client.
            return (new Beginning(0, IsInstant: false, after), null);
        }

        // No cursor is behind the topic's end, unless the store was restored from a backup, or the clock is another one. What comes now gets a position behind the end, and perhaps not behind that cursor.
        if (after <= end) return (new Beginning(after, wanted.IsInstant), null);
        return (new Beginning(end, wanted.IsInstant, wanted.IsInstant ? null : after), null);
    }

    // Null: the journal is away.
    private async ValueTask<long?> FindEndAsync(Topic topic)
    {
        try
        {
            return await journal.FindEndAsync(topic, CancellationToken.None);
        }
        catch (Exception)
        {
            // Nothing can be kept, either, before it is back.
            return null;
        }
    }

    // Null: the topic is bound, or the bus is away.
    private async ValueTask<RequestFault?> WaitAsync(ClientConnection connection, Task bound, TimeSpan limit)
    {
        try
        {
            if (!bound.IsCompletedSuccessfully) await bound.WaitAsync(limit, clock);
            return null;
        }
        catch (TimeoutException)
        {
            // When it is back the topic is bound, and what came meanwhile is read from the journal. Until then the connection must be read, or its pongs are missed.
            if (limit != Prompt) Log.RegistrationWaits(logger, connection.Id);
            return null;
        }
        catch (Exception exception)
        {
            var name = exception.GetType().Name;
            if (_notRegistered.IsNew(name)) Log.NotRegistered(logger, name, connection.Id);
            return new RequestFault(RequestFaultCode.NotRegistered, "The registration could not be made; try again later.");
        }
    }

    // It is not waited for, as events that came before are claimed, too; but one connection is not to fill the journal's queue with its claims.
    private ValueTask ClaimAsync(ClientConnection connection, Topic topic)
    {
        var claimed = claims.ClaimAsync(topic);
        return ++connection.Claims % ClaimsAtOnce == 0 ? new ValueTask(claimed) : ValueTask.CompletedTask;
    }

    private async ValueTask<RequestFault?> DeleteAsync(ClientConnection connection, string state)
    {
        try
        {
            await states.DeleteAsync(state, CancellationToken.None);
            await journal.DeleteAsync(new Topic(EventKinds.Callback, state), CancellationToken.None);
            return null;
        }
        catch (Exception exception)
        {
            Report(exception, connection);
            return new RequestFault(RequestFaultCode.StateNotDeleted, "The state could not be deleted; try again later.");
        }
    }

    private async ValueTask<RequestFault?> CreateAsync(ClientConnection connection, StateCreation creation)
    {
        try
        {
            var state = new CallbackState(
                creation.State, creation.FinalRedirectUrl, creation.WithFragment, creation.ExpiresAt, connection.Identity.Name);
            var stored = states.PutAsync(state, CancellationToken.None);
            var kept = journal.KeepUntilAsync(new Topic(EventKinds.Callback, creation.State), creation.ExpiresAt, CancellationToken.None);
            var result = await stored;
            await kept;
            if (result == StoreResult.Stored)
            {
                if (_notStored.TryEnd()) Log.StoredAgain(logger);
                return null;
            }

            if (_full.IsNew()) Log.StoreFull(logger, connection.Id);
        }
        catch (Exception exception)
        {
            Report(exception, connection);
        }

        return new RequestFault(RequestFaultCode.StateNotStored, "The state could not be stored; try again later.");
    }

    private void Report(Exception exception, ClientConnection connection)
    {
        var fault = StoreException.Describe(exception);
        if (exception is JournalFullException)
        {
            if (_full.IsNew(fault)) Log.Overloaded(logger, exception.Message, connection.Id);
        }
        else if (_notStored.IsNew(fault))
        {
            Log.StateNotStored(logger, fault, connection.Id);
        }
    }

    private RequestFault? FaultOfLifetime(DateTime expiresAt)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (expiresAt < now + options.MinimumStateLifetime)
            return new RequestFault(RequestFaultCode.ExpiresTooEarly, $"expires_at must be at least {Words(options.MinimumStateLifetime)} ahead.");
        if (expiresAt > now + options.MaximumStateLifetime + Forgiven)
            return new RequestFault(RequestFaultCode.ExpiresTooLate, $"expires_at must be at most {Words(options.MaximumStateLifetime)} ahead.");
        return null;
    }

    private static string Words(TimeSpan duration) =>
        duration.Ticks % TimeSpan.TicksPerDay == 0 && duration > TimeSpan.Zero ? $"{duration.TotalDays} days" : $"{duration.TotalSeconds} seconds";

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Error, "A state could not be stored or deleted: {Fault} (connection {ConnectionId})")]
        public static partial void StateNotStored(ILogger logger, string fault, string connectionId);

        [LoggerMessage(3002, LogLevel.Warning, "The state store is full, and a state was refused (connection {ConnectionId}); see Teal:MaximumStates and Teal:MaximumStatesSize")]
        public static partial void StoreFull(ILogger logger, string connectionId);

        [LoggerMessage(3005, LogLevel.Warning, "A state could not be stored or deleted now: {Reason} (connection {ConnectionId})")]
        public static partial void Overloaded(ILogger logger, string reason, string connectionId);

        [LoggerMessage(3006, LogLevel.Information, "States are stored again")]
        public static partial void StoredAgain(ILogger logger);

        [LoggerMessage(3004, LogLevel.Debug, "A registration waits for the bus (connection {ConnectionId})")]
        public static partial void RegistrationWaits(ILogger logger, string connectionId);

        [LoggerMessage(3003, LogLevel.Error, "A registration could not be made: {Fault} (connection {ConnectionId})")]
        public static partial void NotRegistered(ILogger logger, string fault, string connectionId);
    }
}
