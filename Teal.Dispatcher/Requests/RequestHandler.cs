using Microsoft.Extensions.Logging;
using Teal.Core.States;
using Teal.Dispatcher.Connections;
using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Requests;

/// <summary>Does what clients ask for, whatever protocol they speak.</summary>
internal sealed partial class RequestHandler(
    ICallbackStateStore states, RegistrationTable registrations, DispatcherOptions options, TimeProvider clock, ILogger<RequestHandler> logger)
{
    // A client computes «now and seven days» a moment before the server looks at its clock.
    private static readonly TimeSpan Forgiven = TimeSpan.FromSeconds(10);

    /// <summary>Does the request as a whole; null when it is done, else why nothing was done. Never throws.</summary>
    public async ValueTask<RequestFault?> HandleAsync(ClientConnection connection, ClientRequest request)
    {
        if (request.RegisterTo is not null && connection.Topics.Count >= options.MaximumRegistrations
            && !registrations.IsRegistered(request.RegisterTo.Value, connection))
            return new RequestFault(RequestFaultCode.TooManyRegistrations, $"A connection can register for {options.MaximumRegistrations} topics at most.");

        if (request.Create is { } creation && await CreateAsync(connection, creation) is { } fault) return fault;
        if (request.RegisterTo is not { } topic) return null;

        try
        {
            await registrations.AddAsync(topic, connection).AsTask().WaitAsync(options.BindTimeout, clock);
            return null;
        }
        catch (TimeoutException)
        {
            // The bus is away. The registration is made when it is back; until then the connection must be read, or its pongs are missed.
            Log.RegistrationWaits(logger, connection.Id);
            return null;
        }
        catch (Exception exception)
        {
            Log.NotRegistered(logger, exception.GetType().Name, connection.Id);
            return new RequestFault(RequestFaultCode.NotRegistered, "The registration could not be made; try again later.");
        }
    }

    private async ValueTask<RequestFault?> CreateAsync(ClientConnection connection, StateCreation creation)
    {
        if (FaultOfLifetime(creation.ExpiresAt) is { } fault) return fault;

        try
        {
            var state = new CallbackState(
                creation.State, creation.FinalRedirectUrl, creation.WithFragment, creation.ExpiresAt, connection.Identity.Name);
            if (await states.PutAsync(state, CancellationToken.None) == StoreResult.Stored) return null;

            Log.StoreFull(logger, connection.Id);
        }
        catch (Exception exception)
        {
            Log.StateNotStored(logger, exception.GetType().Name, connection.Id);
        }

        return new RequestFault(RequestFaultCode.StateNotStored, "The state could not be stored; try again later.");
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
        [LoggerMessage(3001, LogLevel.Error, "A state could not be stored: {Fault} (connection {ConnectionId})")]
        public static partial void StateNotStored(ILogger logger, string fault, string connectionId);

        [LoggerMessage(3002, LogLevel.Error, "The state store is full, and a state was refused (connection {ConnectionId}); see Teal:MaximumStates and Teal:MaximumStatesSize")]
        public static partial void StoreFull(ILogger logger, string connectionId);

        [LoggerMessage(3004, LogLevel.Debug, "A registration waits for the bus (connection {ConnectionId})")]
        public static partial void RegistrationWaits(ILogger logger, string connectionId);

        [LoggerMessage(3003, LogLevel.Error, "A registration could not be made: {Fault} (connection {ConnectionId})")]
        public static partial void NotRegistered(ILogger logger, string fault, string connectionId);
    }
}
