using Teal.Core.Events;

namespace Teal.Core.Kinds;

/// <summary>What a third party sent to a webhook (specification 9.2), as it came.</summary>
/// <param name="Timestamp"><inheritdoc cref="TealEvent.Timestamp"/></param>
/// <param name="Webhook">The webhook: its team, a slash, and its name there.</param>
/// <param name="Id">What the provider numbers the delivery with; null: it does not.</param>
/// <param name="Method">The method of the request.</param>
/// <param name="Target">Path and query as they came, undecoded.</param>
/// <param name="Headers">The headers, those that came more than once as often. A character is a byte (Latin-1).</param>
/// <param name="Body">The body's bytes.</param>
/// <param name="Verified">Who signed it; null: nobody is known to have.</param>
public sealed record WebhookEvent(
    DateTime Timestamp, string Webhook, string? Id, string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers,
    ReadOnlyMemory<byte> Body, WebhookSignature? Verified) : TealEvent(Timestamp)
{
    // A reference and a length each.
    private const int SizeOfHeader = 32;

    /// <inheritdoc/>
    public override Topic Topic => new(EventKinds.Webhook, Webhook);

    /// <inheritdoc/>
    public override int Size
    {
        get
        {
            var texts = Webhook.Length + (Id?.Length ?? 0) + Method.Length + Target.Length + (Verified?.Scheme.Length ?? 0);
            var size = Body.Length + (2 * texts);
            foreach (var (name, value) in Headers) size += SizeOfHeader + (2 * (name.Length + value.Length));
            return size;
        }
    }

    /// <summary>Whether all is the same, bytes and headers included.</summary>
    public bool Equals(WebhookEvent? other) =>
        base.Equals(other) && Webhook == other.Webhook && Id == other.Id && Method == other.Method && Target == other.Target
        && Verified == other.Verified && Headers.SequenceEqual(other.Headers) && Body.Span.SequenceEqual(other.Body.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Timestamp, Webhook, Id);
}
