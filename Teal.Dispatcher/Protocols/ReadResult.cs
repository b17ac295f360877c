using Teal.Dispatcher.Requests;

namespace Teal.Dispatcher.Protocols;

/// <summary>A message as a protocol read it: a request, or a fault.</summary>
internal readonly record struct ReadResult(ClientRequest? Request, RequestFault? Fault)
{
    /// <summary>What the client called the message, as JSON, to be repeated in the answer; null: nothing.</summary>
    public byte[]? Id { get; init; }

    public static implicit operator ReadResult(ClientRequest request) => new(request, null);

    public static implicit operator ReadResult(RequestFault fault) => new(null, fault);
}
