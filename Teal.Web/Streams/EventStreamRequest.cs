using Teal.Core.Identities;
using Teal.Web.Sessions;

namespace Teal.Web.Streams;

/// <summary>What a client asks for that wants an event stream.</summary>
/// <param name="Open">
/// Opens its session on its channel, as <see cref="IClientProtocol.Open"/> does, and like that never throws.
/// </param>
/// <param name="Messages">
/// What the session is to be told first, in texts of its protocol: the client itself can send none. Each is at most
/// <see cref="ChannelOptions.MaximumMessageSize"/> long.
/// </param>
public sealed record EventStreamRequest(
    Func<IClientChannel, Identity, IClientSession> Open, params IReadOnlyList<ReadOnlyMemory<byte>> Messages);
