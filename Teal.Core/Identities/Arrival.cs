using Teal.Core.Addresses;

namespace Teal.Core.Identities;

/// <summary>Where a credential comes from.</summary>
/// <param name="Network">The client's address.</param>
/// <param name="StandsForMany">Whether many clients come from there, who cannot be told apart.</param>
/// <param name="Origin">The origin of the page that brings it (RFC 6454); null: no page does.</param>
public readonly record struct Arrival(ClientNetwork Network, bool StandsForMany, string? Origin);
