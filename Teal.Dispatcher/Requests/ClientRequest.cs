using Teal.Core.Events;

namespace Teal.Dispatcher.Requests;

/// <summary>What a client asks for in one message; done in this order, or not at all.</summary>
/// <param name="Create">The state to create, or null.</param>
/// <param name="RegisterTo">The topic to register for, or null.</param>
internal sealed record ClientRequest(StateCreation? Create, RegistrationRequest? RegisterTo)
{
    /// <summary>The topic whose registration ends, or null.</summary>
    public Topic? UnregisterFrom { get; init; }

    /// <summary>The state to delete, with the events that are kept of it, or null.</summary>
    public string? Delete { get; init; }
}
