using System.Security.Cryptography;
using System.Text;

namespace Teal.Web.Pages;

/// <summary>Files that are part of the program.</summary>
internal static class Resource
{
    /// <summary>The file's text, with line feeds.</summary>
    public static string Load(string name) => Encoding.UTF8.GetString(LoadBytes(name)).ReplaceLineEndings("\n");

    /// <summary>The file's bytes.</summary>
    public static byte[] LoadBytes(string name)
    {
        using var stream = typeof(Resource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not part of the program.");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>What allows exactly the text of the page's one such element (CSP level 3).</summary>
    public static string HashOf(string html, string element)
    {
        var start = html.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        var end = html.IndexOf($"</{element}>", StringComparison.Ordinal);
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(html[start..end])))}'";
    }
}
