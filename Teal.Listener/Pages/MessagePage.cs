using System.Text;
using System.Text.Encodings.Web;

namespace Teal.Listener.Pages;

/// <summary>A small page with one sentence, for a person who looks at an answer of the listener in a browser.</summary>
internal static class MessagePage
{
    private static readonly string Template = Resource.Load("message.html");

    /// <summary>The policy that goes with it.</summary>
    public static readonly string ContentSecurityPolicy = Resource.PolicyFor(Template);

    /// <summary>The page, UTF-8; the text is escaped.</summary>
    public static byte[] Render(string text) =>
        Encoding.UTF8.GetBytes(Template.Replace("{{text}}", HtmlEncoder.Default.Encode(text), StringComparison.Ordinal));
}
