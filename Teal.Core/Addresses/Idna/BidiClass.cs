namespace Teal.Core.Addresses.Idna;

/// <summary>The bidirectional classes that RFC 5893 tells apart, under Unicode's names.</summary>
internal enum BidiClass
{
    L,
    R,
    AL,
    AN,
    EN,
    ES,
    CS,
    ET,
    ON,
    BN,
    NSM,

    /// <summary>Any other: none that a name may have.</summary>
    X,
}
