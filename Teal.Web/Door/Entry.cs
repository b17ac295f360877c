using Teal.Core.Addresses;
using Teal.Core.Identities;

namespace Teal.Web.Door;

/// <summary>A client that was let in, and has a place.</summary>
/// <param name="Identity">Who it is; null: not known yet, only where the protocol asks for that itself.</param>
/// <param name="Share">Whose share its place counts to; null: nobody's.</param>
internal readonly record struct Entry(Identity? Identity, ClientNetwork? Share);
