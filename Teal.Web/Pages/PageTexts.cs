using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Teal.Web.Pages;

/// <summary>The texts of the pages in one language, from <c>texts-LANGUAGE.json</c>.</summary>
internal sealed class PageTexts
{
    // The first one is that of everybody else.
    private static readonly string[] Languages = ["en", "de", "fr", "es"];

    // What a browser sends is a few entries long; a longer list is nobody's wish.
    private const int LongestHeader = 256;

    private readonly Dictionary<string, string> _texts;

    private PageTexts(string language)
    {
        Language = language;
        using var texts = JsonDocument.Parse(Resource.LoadBytes($"texts-{language}.json"));
        _texts = texts.RootElement.EnumerateObject().ToDictionary(static text => text.Name, static text => text.Value.GetString()!);
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PageTexts> All { get; } = [.. Languages.Select(static language => new PageTexts(language))];

    /// <summary>The language's tag (RFC 5646).</summary>
    public string Language { get; }

    /// <summary>The names of its texts.</summary>
    public IEnumerable<string> Names => _texts.Keys;

    /// <summary>A text.</summary>
    public string this[string name] => _texts[name];

    /// <summary>A text of a page: <c>title</c> or <c>text</c>.</summary>
    public string Of(PageKind kind, string part) => _texts[$"{kind.ToString().ToLowerInvariant()}.{part}"];

    /// <summary>The language that the browser would rather have (RFC 9110 12.5.4), of those that there are; else English.</summary>
    public static PageTexts For(HttpRequest request)
    {
        var header = request.Headers.AcceptLanguage;
        if (header.Count != 1 || header[0] is not { Length: > 0 and <= LongestHeader }
            || !StringWithQualityHeaderValue.TryParseList(header, out var wishes))
            return All[0];

        return wishes
            .Where(static wish => wish.Quality is null or > 0)
            .OrderByDescending(static wish => wish.Quality ?? 1)
            .Select(static wish => Find(wish.Value.AsSpan()))
            .FirstOrDefault(static found => found is not null) ?? All[0];
    }

    // A language is meant whatever the region, as in «de-AT».
    private static PageTexts? Find(ReadOnlySpan<char> tag)
    {
        var end = tag.IndexOf('-');
        var language = end < 0 ? tag : tag[..end];
        foreach (var texts in All)
        {
            if (language.Equals(texts.Language, StringComparison.OrdinalIgnoreCase)) return texts;
        }

        return null;
    }
}
