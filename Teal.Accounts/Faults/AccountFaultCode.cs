namespace Teal.Accounts.Faults;

/// <summary>The kinds of reasons for which something was not done.</summary>
public enum AccountFaultCode
{
    /// <summary>Whoever asks may not.</summary>
    NotAllowed,

    /// <summary>There is no such thing, or it is another's: nobody learns which.</summary>
    NotFound,

    /// <summary>What is asked for is not what it must be.</summary>
    Invalid,

    /// <summary>There are as many as there may be.</summary>
    TooMany,
}
