using Teal.Core.Events;

namespace Teal.Core.Wire;

/// <summary>The JSON forms of events: with their <c>type</c> for clients (specification 3.2), without it for the bus (4.1).</summary>
public static class EventJson
{
    private const int TypicalLength = 512;

    /// <summary>The message that tells a client of the event.</summary>
    public static byte[] EncodeForClients(TealEvent @event)
    {
        var json = new CompactJsonWriter(TypicalLength);
        try
        {
            json.Raw(TypePrefix(@event));
            WriteMembers(@event, ref json);
            json.Raw("}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }

    private static ReadOnlySpan<byte> TypePrefix(TealEvent @event) => @event switch
    {
        CallbackEvent => "{\"type\":\"callback\","u8,
        _ => throw new ArgumentException($"No JSON form of {@event.GetType().Name} is known.", nameof(@event)),
    };

    private static void WriteMembers(TealEvent @event, ref CompactJsonWriter json)
    {
        json.Raw("\"timestamp\":"u8);
        json.Timestamp(@event.Timestamp);
        switch (@event)
        {
            case CallbackEvent callback:
                json.Raw(",\"url\":"u8);
                json.Text(callback.Url);
                json.Raw(",\"state\":"u8);
                json.Text(callback.State);
                break;
        }
    }
}
