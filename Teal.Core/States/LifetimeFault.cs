namespace Teal.Core.States;

/// <summary>Why a state's expiry is not taken.</summary>
/// <param name="IsTooEarly">Whether it is too near, or over; else it is too far ahead.</param>
/// <param name="Detail">A sentence that tells a client's author what to do.</param>
public sealed record LifetimeFault(bool IsTooEarly, string Detail);
