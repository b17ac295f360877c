using System.Text;

namespace Teal.Webhooks.Coded;

/// <summary>Puts together what was signed.</summary>
internal static class SignedText
{
    /// <summary>A text, and the body behind it.</summary>
    public static byte[] Join(string text, ReadOnlySpan<byte> body)
    {
        var bytes = new byte[text.Length + body.Length];
        Encoding.Latin1.GetBytes(text, bytes);
        body.CopyTo(bytes.AsSpan(text.Length));
        return bytes;
    }
}
