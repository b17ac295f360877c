namespace Teal.Accounts.Faults;

/// <summary>The kinds of reasons for which an account is not changed, or no secret of it made.</summary>
public enum AccountFaultCode
{
    /// <summary>Whoever asks may not.</summary>
    NotAllowed,

    /// <summary>There is none of that name, or it is another's: nobody learns which.</summary>
    NotFound,

    /// <summary>What is asked for is not what it must be.</summary>
    Invalid,

    /// <summary>There are as many as there may be.</summary>
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
