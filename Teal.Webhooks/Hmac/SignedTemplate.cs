using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Teal.Webhooks.Requests;

namespace Teal.Webhooks.Hmac;

/// <summary>
/// What is signed, as a template: <c>v0:{header:X-Slack-Request-Timestamp}:{body}</c>. There are <c>{body}</c>, <c>{time}</c>,
/// <c>{header:NAME}</c>, <c>{method}</c>, <c>{path}</c> and <c>{url}</c>; all else stands for itself.
/// </summary>
public sealed class SignedTemplate
{
    /// <summary>The body alone.</summary>
    public static readonly SignedTemplate Body = Parse("{body}");

    private const int MostParts = 32;

    private readonly SignedPart[] _parts;

    private SignedTemplate(SignedPart[] parts) => _parts = parts;

    /// <summary>The headers that are signed.</summary>
    public IEnumerable<string> Headers => from part in _parts where part.Source == SignedSource.Header select part.Text;

    /// <summary>Reads a template. False: it is none, and <paramref name="fault"/> says what is wrong.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SignedTemplate? template, [NotNullWhen(false)] out string? fault)
    {
        template = null;
        var parts = new List<SignedPart>();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            if (open != at)
            {
                var end = open < 0 ? text.Length : open;
                parts.Add(new SignedPart(SignedSource.Text, text[at..end]));
                at = end;
                continue;
            }

            var close = text.IndexOf('}', at);
            if (close < 0)
            {
                fault = "has a { without }";
                return false;
            }

            if (PartOf(text[(at + 1)..close]) is not { } part)
            {
                fault = $"has {text[at..(close + 1)]}; there are {{body}}, {{time}}, {{header:NAME}}, {{method}}, {{path}} and {{url}}";
                return false;
            }

            parts.Add(part);
            at = close + 1;
        }

        fault = parts.Count > MostParts ? $"has more than {MostParts} parts"
            : parts.Count(static part => part.Source == SignedSource.Body) != 1 ? "must have {body} once, as else anybody could change it"
            : null;
        if (fault is null) template = new SignedTemplate([.. parts]);
        return fault is null;
    }

    /// <summary>The same for one that is known to be one.</summary>
    internal static SignedTemplate Parse(string text) =>
        TryParse(text, out var template, out var fault) ? template : throw new ArgumentException(fault, nameof(text));

    /// <summary>Gives all parts to the hash; false: a header is missing, or stands there twice.</summary>
    internal bool TryAppend(WebhookRequest request, string? time, IncrementalHash hash)
    {
        foreach (var part in _parts)
        {
            if (part.Source == SignedSource.Body) hash.AppendData(request.Body.Span);
            else if (TextOf(part, request, time) is not { } text) return false;
            else hash.AppendData(Encoding.Latin1.GetBytes(text));
        }

        return true;
    }

    private static string? TextOf(SignedPart part, WebhookRequest request, string? time) => part.Source switch
    {
        SignedSource.Text => part.Text,
        SignedSource.Header => request.Header(part.Text),
        SignedSource.Time => time,
        SignedSource.Method => request.Method,
        SignedSource.Path => request.Path.ToString(),
        _ => request.Url,
    };

    private static SignedPart? PartOf(string name) => name switch
    {
        "body" => new SignedPart(SignedSource.Body),
        "time" => new SignedPart(SignedSource.Time),
        "method" => new SignedPart(SignedSource.Method),
        "path" => new SignedPart(SignedSource.Path),
        "url" => new SignedPart(SignedSource.Url),
        _ when name.StartsWith("header:", StringComparison.Ordinal) && HeaderName.IsOne(name[7..]) =>
            new SignedPart(SignedSource.Header, name[7..]),
        _ => null,
    };
}
