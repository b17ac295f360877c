namespace Teal.Tests.Golden;

/// <summary>
/// An answer, reduced to what is compared: the status, the body, and of the headers those that mean something to a client
/// (<see cref="Compared"/>), with names in lower case.
/// </summary>
internal sealed record RecordedResponse(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The headers that are compared. All others (<c>Date</c>, those for safety) each server has as it likes.</summary>
    public static readonly IReadOnlyList<string> Compared =
        ["location", "allow", "content-type", "access-control-allow-origin", "www-authenticate", "retry-after", "x-request-id"];

    /// <summary>The same answer with another header; null takes it away.</summary>
    public RecordedResponse With(string header, string? value)
    {
        var headers = new Dictionary<string, string>(Headers);
        if (value is null) headers.Remove(header);
        else headers[header] = value;
        return this with { Headers = headers };
    }

    /// <summary>The same answer with one plain line for a body.</summary>
    public RecordedResponse WithText(string line) => (this with { Body = line + "\n" }).With("content-type", "text/plain; charset=utf-8");

    /// <summary>The answer as text, with a word in the place of the fragment page, which is each server's own.</summary>
    public string Describe()
    {
        var isPage = Body.StartsWith("<fragment.html,", StringComparison.Ordinal)
            || Body.Contains("raw-callback?full_url=", StringComparison.Ordinal);
        var headers = Headers.OrderBy(static header => header.Key, StringComparer.Ordinal)
            .Select(static header => $"{header.Key}: {header.Value}\n");
        return $"{Status}\n{string.Concat(headers)}\n{(isPage ? "(the fragment page)" : Body)}";
    }
}
