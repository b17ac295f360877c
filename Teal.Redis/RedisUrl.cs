using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace Teal.Redis;

/// <summary>Reads <c>redis://[user:password@]host[:port][/database]</c>, and <c>rediss://</c> for TLS.</summary>
internal static class RedisUrl
{
    private const int DefaultPort = 6379;

    /// <summary>What the URL says; null: it cannot be used, and <paramref name="fault"/> tells why without a part of it.</summary>
    public static ConfigurationOptions? Parse(string text, out string? fault)
    {
        var isTls = text.StartsWith("rediss://", StringComparison.OrdinalIgnoreCase);
        if (!isTls && !text.StartsWith("redis://", StringComparison.OrdinalIgnoreCase))
        {
            fault = "must start with redis:// or rediss://";
            return null;
        }

        var rest = text.AsSpan(text.IndexOf("://", StringComparison.Ordinal) + 3);
        var end = rest.IndexOfAny('/', '?', '#');
        var authority = end < 0 ? rest : rest[..end];
        var path = end < 0 ? "" : rest[end..];
        var at = authority.LastIndexOf('@');
        var options = new ConfigurationOptions();
        fault = TakeCredentials(at < 0 ? "" : authority[..at], options)
            ?? TakeEndPoint(authority[(at + 1)..], isTls, options)
            ?? TakeDatabase(path, options);
        return fault is null ? options : null;
    }

    private static string? TakeCredentials(ReadOnlySpan<char> credentials, ConfigurationOptions options)
    {
        var colon = credentials.IndexOf(':');
        var user = Uri.UnescapeDataString((colon < 0 ? credentials : credentials[..colon]).ToString());
        var password = Uri.UnescapeDataString((colon < 0 ? "" : credentials[(colon + 1)..]).ToString());
        if (user is not ("" or "default") && password.Length == 0)
            return "must have a password behind the user name in its URL: redis://user:password@host; " +
                "a password alone is written redis://:password@host";

        if (user.Length > 0 && password.Length > 0) options.User = user;
        if (password.Length > 0) options.Password = password;
        return null;
    }

    private static string? TakeEndPoint(ReadOnlySpan<char> text, bool isTls, ConfigurationOptions options)
    {
        var bracket = text.StartsWith('[') ? text.IndexOf(']') : -1;
        var colon = text[(bracket + 1)..].IndexOf(':');
        var host = (colon < 0 ? text : text[..(bracket + 1 + colon)]).ToString();
        var portText = colon < 0 ? "" : text[(bracket + 2 + colon)..];

        // No driver is asked to dissect it: an IPv6 address has colons of its own.
        var kind = Uri.CheckHostName(host);
        if (kind == UriHostNameType.Unknown || (kind == UriHostNameType.IPv6 && bracket < 0)) return "must name a host in its URL";

        var port = DefaultPort;
        if (!portText.IsEmpty
            && (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is 0 or > 65535))
            return "must have a port from 1 to 65535 in its URL; in a password @, / and : are written %40, %2F and %3A";

        options.EndPoints.Add(
            IPAddress.TryParse(host.Trim('[', ']'), out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port));
        options.Ssl = isTls;
        if (isTls) options.SslHost = host.Trim('[', ']');
        return null;
    }

    private static string? TakeDatabase(ReadOnlySpan<char> path, ConfigurationOptions options)
    {
        if (path.Length <= 1 && path is "" or "/") return null;
        if (path[0] != '/' || !int.TryParse(path[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var database))
            return "must end with its host, its port or the number of a database: redis://host:6379/0";

        options.DefaultDatabase = database;
        return null;
    }
}
