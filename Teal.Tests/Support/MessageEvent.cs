using Teal.Core.Events;
using Teal.Core.Wire;

namespace Teal.Tests.Support;

/// <summary>An event of <see cref="MessageKind"/>.</summary>
internal sealed record MessageEvent(DateTime Timestamp, string Channel, Utf8Text Payload) : TealEvent(Timestamp)
{
    public override Topic Topic => new(MessageKind.Instance, Channel);

    public override int Size => Payload.Bytes.Length + (2 * Channel.Length);
}
