using Teal.Core.Events;
using Teal.Core.Wire;

namespace Teal.Core.Kinds;

/// <summary>
/// The JSON forms of events: with their <c>type</c> for clients (specification 3.2), without it for the bus (4.1), and without their
/// content for journals, which keep that as the bytes that came: as JSON it may take six times as many.
/// </summary>
public static class EventJson
{
    /// <summary>How many bytes most events take.</summary>
    public const int TypicalLength = 512;

    /// <summary>
    /// The message that tells a client of the event, but for the brace at its end: a protocol may have members of its own to add.
    /// </summary>
    public static void WriteForClients(TealEvent @event, ref CompactJsonWriter json, EventForm form)
    {
        json.Member("{\"type\":"u8, @event.Topic.Kind.EventType);
        json.Raw(","u8);
        WriteMembers(@event, ref json, form);
    }

    /// <summary>The message on the bus: the whole event without its <c>type</c>.</summary>
    public static byte[] EncodeForBus(TealEvent @event) => Encode(@event, EventForm.Whole);

    /// <summary>The same in a buffer for long messages, or in a longer one that takes its place.</summary>
    public static ReadOnlyMemory<byte> EncodeForBus(TealEvent @event, ref byte[] buffer)
    {
        var json = new CompactJsonWriter(buffer);
        Write(@event, ref json, EventForm.Whole);
        (buffer, var length) = json.Detach();
        return buffer.AsMemory(0, length);
    }

    /// <summary>
    /// The form that a journal keeps beside <see cref="EventKind.ContentOf"/>: the message on the bus without the content.
    /// </summary>
    public static byte[] EncodeForJournal(TealEvent @event) => Encode(@event, EventForm.WithoutContent);

    private static byte[] Encode(TealEvent @event, EventForm form)
    {
        var json = new CompactJsonWriter(TypicalLength);
        try
        {
            Write(@event, ref json, form);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }

    private static void Write(TealEvent @event, ref CompactJsonWriter json, EventForm form)
    {
        json.Raw("{"u8);
        WriteMembers(@event, ref json, form);
        json.Raw("}"u8);
    }

    private static void WriteMembers(TealEvent @event, ref CompactJsonWriter json, EventForm form)
    {
        json.Raw("\"timestamp\":"u8);
        json.Timestamp(@event.Timestamp);
        @event.Topic.Kind.Write(@event, ref json, form);
    }
}
