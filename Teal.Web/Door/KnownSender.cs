using Teal.Core.Identities;

namespace Teal.Web.Door;

/// <summary>
/// Who sends whatever comes on a network connection, known by where it arrived, and nobody has to prove it. A feature of the connection,
/// set by whoever listens there; nothing that is sent can set it.
/// </summary>
/// <param name="Identity">Who it is.</param>
/// <param name="From">Where that is, for the log.</param>
public sealed record KnownSender(Identity Identity, string From);
