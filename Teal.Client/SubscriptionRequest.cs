using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Teal.Client;

/// <summary>What a client asks for: a state to create, or none, and a topic to register for.</summary>
/// <param name="Create">The state to create; null: none.</param>
/// <param name="Topic">The topic.</param>
internal sealed record SubscriptionRequest(CallbackBinding? Create, Topic Topic)
{
    // A URL full of & is not to take six times as many bytes, as messages have a longest length. No page reads this.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The message in the classic protocol (specification 3.2).</summary>
    public ReadOnlyMemory<byte> Encode() => Encode(isExtended: false, after: null);

    /// <summary>The message in <c>teal.v2</c> (specification 3.3), with the id 1.</summary>
    /// <param name="after">Where the topic's events begin; null: from now on.</param>
    public ReadOnlyMemory<byte> EncodeExtended(string? after) => Encode(isExtended: true, after);

    private ReadOnlyMemory<byte> Encode(bool isExtended, string? after)
    {
        var message = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(message, Options);
        json.WriteStartObject();
        if (isExtended) json.WriteNumber("id", 1);
        if (Create is not null)
        {
            json.WriteStartObject("create");
            json.WriteString("type", "callback");
            json.WriteString("state", Create.State);
            json.WriteString("final_redirect_url", Create.FinalRedirectUrl);
            json.WriteBoolean("with_fragment", Create.WithFragment);
            json.WriteString("expires_at", WireTimestamp.Format(Create.ExpiresAt));
            json.WriteEndObject();
        }

        json.WriteStartObject("register_to");
        json.WriteString("type", Topic.Type);
        json.WriteString(Topic.Member, Topic.Key);
        if (after is not null) json.WriteString("after", after);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return message.WrittenMemory;
    }
}
