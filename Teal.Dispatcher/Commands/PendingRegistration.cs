using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Commands;

/// <summary>A registration of a message that is not done yet.</summary>
/// <param name="Registration">The registration.</param>
/// <param name="IsNew">Whether the message made it; else the subscriber had it before.</param>
/// <param name="Wanted">What the client asks for.</param>
/// <param name="Beginning">Where the events begin that it asks for.</param>
/// <param name="Bound">The topic's binding on the bus.</param>
internal sealed record PendingRegistration(Registration Registration, bool IsNew, Command.Register Wanted, Beginning Beginning, Task Bound);
