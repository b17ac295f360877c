using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Core.Wire;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Protocols;

/// <summary>
/// The extended protocol (specification 3.3): each message with an id is answered, each fault is told, events have cursors from which a
/// client can go on after a break. <c>docs/teal-v2.md</c> describes it whole.
/// </summary>
internal sealed class TealV2Dialect(CursorOrigins origins) : ITealDialect
{
    private static readonly byte[] DrainingMessage = "{\"type\":\"draining\"}"u8.ToArray();

    /// <inheritdoc/>
    public string Subprotocol => "teal.v2";

    /// <inheritdoc/>
    public bool HasCursors => true;

    /// <inheritdoc/>
    public ReadResult Read(ReadOnlyMemory<byte> message) => TealV2MessageReader.Read(message);

    /// <inheritdoc/>
    public byte[]? EncodeAnswer(ReadResult read, CommandOutcome outcome)
    {
        if (outcome.Fault is { } fault) return EncodeError(read.Id, fault);
        if (read.Id is null) return null;

        var json = new CompactJsonWriter(128);
        try
        {
            json.Raw("{\"type\":\"ack\",\"id\":"u8);
            json.Raw(read.Id);
            if (outcome.Registrations is [var registration, ..])
            {
                json.Raw(",\"cursor\":"u8);
                json.Text(CursorOf(registration.Topic, registration.Cursor));
            }

            if (outcome.Webhook is { } webhook)
            {
                json.Raw(",\"webhook\":"u8);
                json.Raw(webhook);
            }

            json.Raw("}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }

    /// <summary>
    /// The message of the classic protocol, with the method of a posted callback, and a cursor at its end; null where the
    /// event is not kept.
    /// </summary>
    public void WriteEvent(TealEvent @event, ref CompactJsonWriter json)
    {
        EventJson.WriteForClients(@event, ref json, EventForm.Client);
        json.Raw(",\"cursor\":"u8);
        json.Text(@event.Place.IsKept ? CursorOf(@event.Topic, @event.Place.Position) : null);
        json.Raw("}"u8);
    }

    /// <inheritdoc/>
    public byte[]? EncodeNotice(Notice notice, string team) => notice switch
    {
        Notice.Draining => DrainingMessage,
        Notice.Gap gap => EncodePlace("gap"u8, gap.Topic, team, gap.After, gap.UpTo),
        Notice.Unregistered(var topic) => EncodeUnregistered(topic, team),
        Notice.Replayed replayed => EncodePlace("replayed"u8, replayed.Topic, team, null, replayed.Position),
        _ => null,
    };

    private static byte[] EncodeError(byte[]? id, CommandFault fault)
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

    private string CursorOf(Topic topic, long position) => Cursor.Encode(position, origins.Of(topic));

    // Of a topic, where something begins, and where its events go on.
    private byte[] EncodePlace(ReadOnlySpan<byte> name, Topic topic, string team, long? after, long upTo)
    {
        var json = new CompactJsonWriter(256);
        try
        {
            json.Raw("{\"type\":\""u8);
            json.Raw(name);
            json.Raw("\",\"topic\":"u8);
            WriteTopic(topic, team, ref json);
            if (after is { } begun)
            {
                json.Raw(",\"after\":"u8);
                json.Text(CursorOf(topic, begun));
            }

            json.Raw(",\"cursor\":"u8);
            json.Text(CursorOf(topic, upTo));
            json.Raw("}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }

    private static byte[] EncodeUnregistered(Topic topic, string team)
    {
        var json = new CompactJsonWriter(256);
        try
        {
            json.Raw("{\"type\":\"unregistered\",\"topic\":"u8);
            WriteTopic(topic, team, ref json);
            json.Raw(",\"code\":\"not_allowed\"}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }

    private static void WriteTopic(Topic topic, string team, ref CompactJsonWriter json)
    {
        json.Raw("{\"type\":"u8);
        json.Text(topic.Kind.TopicType);
        json.Raw(","u8);
        json.Text(topic.Kind.KeyMember);
        json.Raw(":"u8);
        json.Text(topic.KeyWithin(team));
        json.Raw("}"u8);
    }

    private static string CodeOf(CommandFaultCode code) => code switch
    {
        CommandFaultCode.NotAllowed => "not_allowed",
        CommandFaultCode.StateTaken => "state_taken",
        CommandFaultCode.ExpiresTooEarly => "expires_too_early",
        CommandFaultCode.ExpiresTooLate => "expires_too_late",
        CommandFaultCode.StateNotStored => "state_not_stored",
        CommandFaultCode.StateNotDeleted => "state_not_deleted",
        CommandFaultCode.TooManyRegistrations => "too_many_registrations",
        CommandFaultCode.NotRegistered => "not_registered",
        CommandFaultCode.RedirectNotAllowed => "redirect_not_allowed",
        CommandFaultCode.WebhookNotMade => "webhook_not_made",
        CommandFaultCode.TokenRefused => "token_refused",
        CommandFaultCode.NotRefreshed => "not_refreshed",
        _ => "invalid_message",
    };
}
