using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Core.Wire;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Protocols;

/// <summary>
/// The protocol of the original (specification 3.2), spoken when no subprotocol is offered. It has no acknowledgements: the only
/// answer is to a state that could not be created, and everything that is malformed is ignored as a whole.
/// </summary>
internal sealed class ClassicDialect : ITealDialect
{
    /// <inheritdoc/>
    public string? Subprotocol => null;

    /// <inheritdoc/>
    public bool HasCursors => false;

    /// <inheritdoc/>
    public ReadResult Read(ReadOnlyMemory<byte> message) => ClientMessageReader.Read(message);

    /// <inheritdoc/>
    public byte[]? EncodeAnswer(ReadResult read, CommandOutcome outcome)
    {
        var fault = outcome.Fault;
        var isAnswered = fault?.Code is CommandFaultCode.ExpiresTooEarly or CommandFaultCode.ExpiresTooLate
            or CommandFaultCode.StateNotStored or CommandFaultCode.StateTaken or CommandFaultCode.NotAllowed
            or CommandFaultCode.RedirectNotAllowed;
        if (!isAnswered || read.Find<Command.Create>() is not { } creation) return null;

        var json = new CompactJsonWriter(256);
        try
        {
            json.Raw("{\"type\":\"callback_creation_failure\",\"state\":"u8);
            json.Text(creation.State);
            json.Raw(",\"detail\":"u8);
            json.Text(fault!.Detail);
            json.Raw("}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }

    /// <inheritdoc/>
    public void WriteEvent(TealEvent @event, ref CompactJsonWriter json)
    {
        EventJson.WriteForClients(@event, ref json, EventForm.Classic);
        json.Raw("}"u8);
    }

    /// <inheritdoc/>
    public byte[]? EncodeNotice(Notice notice, string team) => null;
}
