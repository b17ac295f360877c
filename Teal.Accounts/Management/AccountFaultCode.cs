namespace Teal.Accounts.Management;

/// <summary>The kinds of reasons for which an account is not changed.</summary>
public enum AccountFaultCode
{
    /// <summary>Whoever asks may not.</summary>
    NotAllowed,

    /// <summary>There is none of that name.</summary>
    NotFound,

    /// <summary>What is asked for is not what it must be.</summary>
    Invalid,

    /// <summary>The store has no room for more.</summary>
    TooMany,

    /// <summary>There is one of that name already.</summary>
    Taken,

    /// <summary>It stands in the settings, and is changed there.</summary>
    OfSettings,

    /// <summary>Somebody else changed it meanwhile.</summary>
    Conflict,

    /// <summary>Too many passwords wait to be hashed: it can be tried again.</summary>
    Busy,
}
