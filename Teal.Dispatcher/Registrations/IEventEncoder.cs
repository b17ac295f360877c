using Teal.Core.Events;
using Teal.Core.Wire;

namespace Teal.Dispatcher.Registrations;

/// <summary>The form that events have for clients. One object for all clients that get the same bytes.</summary>
internal interface IEventEncoder
{
    /// <summary>Writes the message that tells of an event, as text.</summary>
    void WriteEvent(TealEvent @event, ref CompactJsonWriter json);
}
