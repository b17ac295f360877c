using System.Security.Cryptography;
using System.Text;
using Teal.Core.Events;

namespace Teal.RabbitMq;

/// <summary>AMQP routing keys, which end at 255 bytes, for topic keys, which do not (specification 4.1).</summary>
internal static class RoutingKey
{
    private const int LongestKey = 255;

    /// <summary>The topic's key, or where that is too long <c>sha256:</c> and the hexadecimal SHA-256 of its UTF-8.</summary>
    public static string For(Topic topic)
    {
        if (Encoding.UTF8.GetByteCount(topic.Key) <= LongestKey) return topic.Key;

        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(topic.Key)));
    }
}
