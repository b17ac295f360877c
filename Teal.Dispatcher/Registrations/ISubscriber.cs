using Teal.Web.Sessions;

namespace Teal.Dispatcher.Registrations;

/// <summary>What a registration needs of whoever registered: where events go, in which form, and what it has registered for.</summary>
internal interface ISubscriber
{
    /// <summary>Where events go.</summary>
    IClientChannel Channel { get; }

    /// <summary>The form that they have there.</summary>
    IEventEncoder Encoder { get; }

    /// <summary>What it is registered for. It changes while a message of the client is handled, one at a time, or in between two.</summary>
    List<Registration> Registrations { get; }

    /// <summary>How much that takes, in bytes; the lock of <see cref="RegistrationBudget"/> guards it.</summary>
    long RegisteredSize { get; set; }

    /// <summary>How many topics it had claimed. Only whoever handles the client's messages changes it.</summary>
    int Claims { get; set; }

    /// <summary>Which of its registrations catch up with the journal.</summary>
    ReplayQueue Replays { get; }

    /// <summary>Tells it something, if there is a message for that.</summary>
    void Tell(Notice notice);
}
