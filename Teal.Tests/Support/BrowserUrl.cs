using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Teal.Tests.Support;

/// <summary>
/// Where a browser goes that reads a <c>Location</c>: the http part of the WHATWG URL standard, written down apart from Teal's own
/// reader. A host that the standard would change is none here.
/// </summary>
internal sealed partial record BrowserUrl(string Scheme, string Host, int Port, string Path)
{
    /// <summary>Null: it goes nowhere.</summary>
    public static BrowserUrl? Read(string location)
    {
        var text = location.Trim([.. Enumerable.Range(0, 33).Select(static code => (char)code)]);
        text = text.Replace("\t", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)
            .Replace("\r", "", StringComparison.Ordinal);
        if (Absolute().Match(text) is not { Success: true } match) return null;

        var scheme = match.Groups["scheme"].Value.ToLowerInvariant();
        var authority = match.Groups["authority"].Value;
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = host.IndexOf(':', host.StartsWith('[') ? Math.Max(host.IndexOf(']', StringComparison.Ordinal), 0) : 0);
        var portText = colon < 0 ? "" : host[(colon + 1)..];
        host = colon < 0 ? host : host[..colon];
        var port = scheme == "https" ? 443 : 80;
        if (portText.Length > 0 && !int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port)) return null;

        host = Uri.UnescapeDataString(host).ToLowerInvariant();
        var path = PathOf(match.Groups["path"].Value);
        return port > 65535 || !PlainHost().IsMatch(host) ? null : new BrowserUrl(scheme, host, port, path);
    }

    private static string PathOf(string text)
    {
        var segments = new List<string>();
        var parts = text.Split('/', '\\');
        for (var i = text.Length > 0 ? 1 : 0; i < parts.Length; i++)
        {
            var dots = parts[i].Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
            if (dots == ".." && segments.Count > 0) segments.RemoveAt(segments.Count - 1);
            if (dots is not ("." or "..")) segments.Add(parts[i]);
            else if (i == parts.Length - 1) segments.Add("");
        }

        var path = new StringBuilder();
        foreach (var segment in segments) path.Append('/').Append(segment);
        return path.Length == 0 ? "/" : path.ToString();
    }

    [GeneratedRegex(
        @"^(?<scheme>https?):[/\\]*(?<authority>[^/\\?#]*)(?<path>[^?#]*)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Absolute();

    [GeneratedRegex(@"^([a-z0-9_.-]+|\[[0-9a-f:.]+\])$", RegexOptions.ExplicitCapture)]
    private static partial Regex PlainHost();
}
