namespace Teal.Webhooks.Directory;

/// <summary>Secrets in a file, or on standard input.</summary>
public static class SecretLines
{
    private const string Begin = "-----BEGIN ", End = "-----END ";

    /// <summary>The secrets of a text: one in each line that is not empty, and in the lines of a PEM text together (RFC 7468).</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var secrets = new List<string>();
        var pem = new List<string>();
        foreach (var line in text.Split('\n').Select(static line => line.TrimEnd('\r')).Where(static line => line.Length > 0))
        {
            if (pem.Count == 0 && !line.StartsWith(Begin, StringComparison.Ordinal))
            {
                secrets.Add(line);
                continue;
            }

            pem.Add(line);
            if (!line.StartsWith(End, StringComparison.Ordinal)) continue;

            secrets.Add(string.Join('\n', pem));
            pem.Clear();
        }

        // What has no end is no key, as whoever checks it says.
        if (pem.Count > 0) secrets.Add(string.Join('\n', pem));
        return secrets;
    }
}
