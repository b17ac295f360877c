using Teal.Core.Wire;

namespace Teal.Host.Client;

/// <summary>What a client asks for: a state to create, or none, and a topic to register for.</summary>
/// <param name="Create">The state to create; null: none.</param>
/// <param name="Type">The topic's type.</param>
/// <param name="Member">The member that holds the topic's key.</param>
/// <param name="Key">The topic's key.</param>
internal sealed record SubscriptionRequest(CallbackBinding? Create, string Type, string Member, string Key)
{
    /// <summary>The message in the classic protocol (specification 3.2).</summary>
    public byte[] Encode() => Encode(isExtended: false, after: null);

    /// <summary>The message in <c>teal.v2</c> (specification 3.3), with the id 1.</summary>
    /// <param name="after">Where the topic's events begin; null: from now on.</param>
    public byte[] EncodeExtended(string? after) => Encode(isExtended: true, after);

    private byte[] Encode(bool isExtended, string? after)
    {
        var json = new CompactJsonWriter(512);
        try
        {
            json.Raw("{"u8);
            if (isExtended) json.Raw("\"id\":1,"u8);
            if (Create is not null)
            {
                json.Raw("\"create\":"u8);
                Create.Write(ref json);
                json.Raw(","u8);
            }

            json.Raw("\"register_to\":{\"type\":"u8);
            json.Text(Type);
            json.Raw(","u8);
            json.Text(Member);
            json.Raw(":"u8);
            json.Text(Key);
            if (after is not null)
            {
                json.Raw(",\"after\":"u8);
                json.Text(after);
            }

            json.Raw("}}"u8);
            return json.ToArray();
        }
        finally
        {
            json.Dispose();
        }
    }
}
