namespace Teal.Dispatcher.Commands;

/// <summary>The kinds of faults that a message can have.</summary>
internal enum CommandFaultCode
{
    /// <summary>The message is not what the protocol says.</summary>
    InvalidMessage,

    /// <summary>The account has no permission for it.</summary>
    NotAllowed,

    /// <summary>Another team has a state of that name.</summary>
    StateTaken,

    /// <summary>The state's expiry is too near, or over.</summary>
    ExpiresTooEarly,

    /// <summary>The state's expiry is too far ahead.</summary>
    ExpiresTooLate,

    /// <summary>The state could not be stored.</summary>
    StateNotStored,

    /// <summary>The state could not be deleted.</summary>
    StateNotDeleted,

    /// <summary>The connection has as many registrations as it may.</summary>
    TooManyRegistrations,

    /// <summary>The topic could not be bound on the bus.</summary>
    NotRegistered,

    /// <summary>The account may not have states lead there.</summary>
    RedirectNotAllowed,

    /// <summary>The webhook could not be made, changed or deleted.</summary>
    WebhookNotMade,

    /// <summary>The token proves nothing, or another account.</summary>
    TokenRefused,

    /// <summary>The token could not be checked.</summary>
    NotRefreshed,
}
