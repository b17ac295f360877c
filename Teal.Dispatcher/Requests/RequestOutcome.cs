using Teal.Dispatcher.Registrations;

namespace Teal.Dispatcher.Requests;

/// <summary>What became of a request.</summary>
/// <param name="Fault">Why nothing was done; null: it was done.</param>
/// <param name="Registration">The registration that was made, whose events come once it is begun; null: none was asked for.</param>
internal readonly record struct RequestOutcome(RequestFault? Fault, Registration? Registration)
{
    public static implicit operator RequestOutcome(RequestFault fault) => new(fault, null);
}
