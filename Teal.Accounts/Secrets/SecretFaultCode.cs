namespace Teal.Accounts.Secrets;

/// <summary>The kinds of reasons for which no secret is made.</summary>
public enum SecretFaultCode
{
    /// <summary>Whoever asks may not.</summary>
    NotAllowed,

    /// <summary>There is no such thing, or it is another's: nobody learns which.</summary>
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
