using Teal.Core.Identities;

namespace Teal.Web.Door;

/// <summary>What became of a handshake's credential.</summary>
/// <param name="Identity">Who it is; null: not let in.</param>
/// <param name="Wait">
/// Where not let in: how long to wait before the next try, as nobody looked at this one; zero: it is missing or wrong.
/// </param>
internal readonly record struct Admission(Identity? Identity, TimeSpan Wait)
{
    /// <summary>The credential is missing or wrong.</summary>
    public static readonly Admission Refused = new(null, TimeSpan.Zero);
}
