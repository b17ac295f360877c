namespace Teal.Accounts.Issuers;

/// <summary>What is wrong with a token, for the log alone: whoever brings it is told the same of all.</summary>
internal enum TokenFault
{
    /// <summary>It is longer than tokens may be.</summary>
    TooLong,

    /// <summary>It is no signed JSON web token, has a member twice, or a header that would choose its own key.</summary>
    Malformed,

    /// <summary>Its issuer is none of those of the settings.</summary>
    UnknownIssuer,

    /// <summary>It is signed in a way that does not count.</summary>
    WrongAlgorithm,

    /// <summary>It is no access token of RFC 9068, and no other counts.</summary>
    WrongType,

    /// <summary>It is for somebody else, or for others as well.</summary>
    WrongAudience,

    /// <summary>Its time is over, not yet begun, or has no end.</summary>
    WrongTime,

    /// <summary>Its issuer has no such key.</summary>
    UnknownKey,

    /// <summary>Its signature is not that of the key.</summary>
    WrongSignature,

    /// <summary>It says nothing that can be an account's name, or a name that is not the issuer's to give.</summary>
    WrongAccount,

    /// <summary>It names a role in a way that cannot be read.</summary>
    WrongRole,

    /// <summary>The permissions in it cannot be read.</summary>
    WrongPermissions,
}
