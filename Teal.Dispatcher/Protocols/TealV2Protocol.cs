using Teal.Core.Events;
using Teal.Core.Wire;
using Teal.Dispatcher.Requests;

namespace Teal.Dispatcher.Protocols;

/// <summary>
/// The extended protocol (specification 3.3): each message with an id is answered, each fault is told, events have cursors from which a
/// client can go on after a break. <c>docs/teal-v2.md</c> describes it whole.
/// </summary>
internal sealed class TealV2Protocol : IClientProtocol
{
    private static readonly byte[] DrainingMessage = "{\"type\":\"draining\"}"u8.ToArray();

    /// <inheritdoc/>
    public string Subprotocol => "teal.v2";

    /// <inheritdoc/>
    public ReadResult Read(ReadOnlyMemory<byte> message) => TealV2MessageReader.Read(message);

    /// <inheritdoc/>
    public byte[]? EncodeAnswer(ReadResult read, RequestOutcome outcome)
    {
        if (outcome.Fault is { } fault) return EncodeError(read.Id, fault);
        if (read.Id is null) return null;

        var json = new CompactJsonWriter(128);
        try
        {
            json.Raw("{\"type\":\"ack\",\"id\":"u8);
            json.Raw(read.Id);
            if (outcome.Registration is { } registration)
            {
                json.Raw(",\"cursor\":"u8);
                json.Text(registration.Position == 0 ? Cursor.Earliest : Cursor.Encode(registration.Position));
            }

            json.Raw("}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }

    /// <summary>The message of the classic protocol, with the method of a posted callback, and a cursor at its end; null where the event is not kept.</summary>
    public void WriteEvent(TealEvent @event, ref CompactJsonWriter json)
    {
        EventJson.WriteForClients(@event, ref json);
        EventJson.WriteMethod(@event, ref json);
        json.Raw(",\"cursor\":"u8);
        json.Text(@event.Place.IsKept ? Cursor.Encode(@event.Place.Position) : null);
        json.Raw("}"u8);
    }

    /// <inheritdoc/>
    public byte[]? EncodeNotice(ConnectionNotice notice) => notice switch
    {
        ConnectionNotice.Draining => DrainingMessage,
        ConnectionNotice.NotText => EncodeError(null, ConnectionNotice.NotText.Fault),
        ConnectionNotice.Gap gap => EncodeGap(gap),
        _ => null,
    };

    private static byte[] EncodeError(byte[]? id, RequestFault fault)
    {
        var json = new CompactJsonWriter(256);
        try
        {
            json.Raw("{\"type\":\"error\",\"id\":"u8);
            json.Raw(id ?? "null"u8);
            json.Raw(",\"code\":"u8);
            json.Text(CodeOf(fault.Code));
            json.Raw(",\"detail\":"u8);
            json.Text(fault.Detail);
            json.Raw("}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }

    private static byte[] EncodeGap(ConnectionNotice.Gap gap)
    {
        var json = new CompactJsonWriter(256);
        try
        {
            json.Raw("{\"type\":\"gap\",\"topic\":"u8);
            var (type, member) = TopicForm.Of(gap.Topic.Kind);
            json.Raw("{\"type\":"u8);
            json.Text(type);
            json.Raw(","u8);
            json.Text(member);
            json.Raw(":"u8);
            json.Text(gap.Topic.Key);
            json.Raw("},\"after\":"u8);
            json.Text(Cursor.Encode(gap.After));
            json.Raw(",\"cursor\":"u8);
            json.Text(Cursor.Encode(gap.UpTo));
            json.Raw("}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }

    private static string CodeOf(RequestFaultCode code) => code switch
    {
        RequestFaultCode.ExpiresTooEarly => "expires_too_early",
        RequestFaultCode.ExpiresTooLate => "expires_too_late",
        RequestFaultCode.StateNotStored => "state_not_stored",
        RequestFaultCode.StateNotDeleted => "state_not_deleted",
        RequestFaultCode.TooManyRegistrations => "too_many_registrations",
        RequestFaultCode.NotRegistered => "not_registered",
        _ => "invalid_message",
    };
}
