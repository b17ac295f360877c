using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Teal.Web.Answers;

namespace Teal.Web.Pages;

/// <summary>
/// The pages that end users see (specification 2.1): what happened and what to do, in plain words of their language, with the operator's
/// name, logo and colour. Nothing of a request is written into a page but its id.
/// </summary>
public sealed class PageRenderer
{
    // Letters of all languages as they are; what means something to HTML is escaped.
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly string Script = Resource.Load("fragment.js");

    private readonly string _template;
    private readonly string _support;
    private readonly Dictionary<(string Language, PageKind Kind), (string BeforeReference, string BehindReference)> _pages = [];

    /// <summary>Makes all pages, but for the reference.</summary>
    public PageRenderer(PageOptions options)
    {
        _support = options.SupportUrl;
        _template = Resource.Load("page.html").Replace("{{colour}}", options.Colour, StringComparison.Ordinal)
            .Replace("{{brand}}", Brand(options), StringComparison.Ordinal);
        foreach (var texts in PageTexts.All)
        {
            foreach (var kind in Enum.GetValues<PageKind>()) _pages[(texts.Language, kind)] = Make(texts, kind);
        }

        var policy = $"default-src 'none'; img-src data:; style-src {Resource.HashOf(_template, "style")}";
        const string Bounds = "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        (PolicyOfText, PolicyOfScript) = (
            policy + Bounds, $"{policy}; script-src {Resource.HashOf($"<script>{Script}</script>", "script")}{Bounds}");
    }

    private string PolicyOfText { get; }

    private string PolicyOfScript { get; }

    /// <summary>Answers with a page, whose status is set already.</summary>
    public Task WriteAsync(HttpContext context, PageKind kind)
    {
        var texts = PageTexts.For(context.Request);
        var (before, behind) = _pages[(texts.Language, kind)];
        var body = Encoding.UTF8.GetBytes(before + Html.Encode(context.TraceIdentifier) + behind);
        var headers = context.Response.Headers;
        headers.ContentLanguage = texts.Language;
        headers.ContentSecurityPolicy = kind == PageKind.Fragment ? PolicyOfScript : PolicyOfText;
        return Answer.WriteAsync(context, "text/html; charset=utf-8", body);
    }

    private static string Brand(PageOptions options)
    {
        if (options.Name.Length == 0 && options.Logo.Length == 0) return "";

        // The name stands beside the logo, which then needs no other text.
        var logo = options.Logo.Length == 0 ? "" : $"<img src=\"{options.Logo}\" alt=\"\">";
        return $"    <p class=\"brand\">{logo}{(options.Name.Length == 0 ? "" : $"<span>{Html.Encode(options.Name)}</span>")}</p>\n";
    }

    private (string, string) Make(PageTexts texts, PageKind kind)
    {
        var (mood, sign) = SignOf(kind);
        var isScripted = kind == PageKind.Fragment;
        var more = !isScripted ? Footer(texts)
            : $"    <noscript>\n    <h1>{Html.Encode(texts.Of(kind, "blocked"))}</h1>\n    " +
                $"<p>{Html.Encode(texts.Of(kind, "script"))}</p>\n{Footer(texts)}    </noscript>\n";
        var page = _template
            .Replace("{{language}}", texts.Language, StringComparison.Ordinal)
            .Replace("{{title}}", Html.Encode(texts.Of(kind, "title")), StringComparison.Ordinal)
            .Replace("{{text}}", Html.Encode(texts.Of(kind, "text")), StringComparison.Ordinal)
            .Replace("{{class}}", isScripted ? " class=\"scripted\"" : "", StringComparison.Ordinal)
            .Replace("{{mood}}", mood, StringComparison.Ordinal)
            .Replace("{{sign}}", sign, StringComparison.Ordinal)
            .Replace("{{more}}", more, StringComparison.Ordinal)
            .Replace("{{script}}", isScripted ? $"  <script>{Script}</script>\n" : "", StringComparison.Ordinal);
        var parts = page.Split("{{reference}}");
        return (parts[0], parts[1]);
    }

    private string Footer(PageTexts texts)
    {
        var support = _support.Length == 0
            ? ""
            : $"\n      <p><a href=\"{Html.Encode(_support)}\" rel=\"noreferrer\">{Html.Encode(texts["support"])}</a></p>";
        return $"    <footer>\n      <p>{Html.Encode(texts["reference"])} <code>{{{{reference}}}}</code></p>{support}\n    </footer>\n";
    }

    // A tick, a cross, a clock; drawn in 24 by 24.
    private static (string Mood, string Sign) SignOf(PageKind kind) => kind switch
    {
        PageKind.Done => ("good", "<circle cx=\"12\" cy=\"12\" r=\"10\"/><path d=\"M7.5 12.5l3 3 6-7\"/>"),
        PageKind.Failed or PageKind.Wrong or PageKind.Incomplete =>
            ("bad", "<circle cx=\"12\" cy=\"12\" r=\"10\"/><path d=\"M8.5 8.5l7 7M15.5 8.5l-7 7\"/>"),
        PageKind.Expired or PageKind.Unavailable => ("bad", "<circle cx=\"12\" cy=\"12\" r=\"10\"/><path d=\"M12 6.5V12l3.5 2.5\"/>"),
        _ => ("calm", "<circle cx=\"12\" cy=\"12\" r=\"10\"/><path d=\"M12 11v5.5M12 7.5v.1\"/>"),
    };
}
