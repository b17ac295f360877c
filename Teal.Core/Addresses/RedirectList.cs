using System.Diagnostics.CodeAnalysis;

namespace Teal.Core.Addresses;

/// <summary>
/// Where the states of an account may lead (specification 8.6). As with permissions each <see cref="RedirectPattern"/> only grants; but a
/// list without any allows every URL. Immutable; any thread may ask.
/// </summary>
public sealed class RedirectList
{
    /// <summary>How many patterns a list may have, so that a question takes a bounded time.</summary>
    public const int MaximumCount = 1000;

    /// <summary>Every URL.</summary>
    public static readonly RedirectList Any = new([], isAny: true);

    /// <summary>No URL, unless another list beside it allows it: that of what cannot be read.</summary>
    public static readonly RedirectList None = new([], isAny: false);

    private readonly RedirectPattern[] _patterns;

    private RedirectList(RedirectPattern[] patterns, bool isAny) => (_patterns, IsAny) = (patterns, isAny);

    /// <summary>Whether there is no pattern, and every URL is allowed.</summary>
    public bool IsAny { get; }

    /// <summary>The patterns as they were written.</summary>
    public IReadOnlyList<string> Texts => [.. _patterns.Select(static pattern => pattern.Text)];

    /// <summary>Reads a list of texts; the order does not matter.</summary>
    /// <param name="texts">The texts; none: every URL.</param>
    /// <param name="list">What they allow together.</param>
    /// <param name="fault">What is wrong with them, the first fault by the number of its text. Null: nothing.</param>
    public static bool TryParse(
        IReadOnlyCollection<string> texts, [NotNullWhen(true)] out RedirectList? list, out string? fault)
    {
        list = null;
        fault = $"must be at most {MaximumCount} redirects";
        if (texts.Count > MaximumCount) return false;

        var patterns = new List<RedirectPattern>(texts.Count);
        foreach (var text in texts)
        {
            if (!RedirectPattern.TryParse(text, out var pattern, out fault))
            {
                fault = $"redirect {patterns.Count + 1} {fault}";
                return false;
            }

            patterns.Add(pattern);
        }

        fault = null;
        list = patterns.Count == 0 ? Any : new RedirectList([.. patterns.DistinctBy(static pattern => pattern.Text)], isAny: false);
        return true;
    }

    /// <summary>What both of them allow, together. One without patterns adds nothing: it says nothing.</summary>
    public RedirectList With(RedirectList others) =>
        IsAny ? others : others.IsAny ? this
        : new RedirectList([.. _patterns.Concat(others._patterns).DistinctBy(static pattern => pattern.Text)], isAny: false);

    /// <summary>Whether a state may lead there; null: it leads nowhere, which is always allowed.</summary>
    public bool Allows(string? url)
    {
        if (IsAny || url is null) return true;
        return HttpUrl.TryParse(url, out var parsed, out _) && Array.Exists(_patterns, pattern => pattern.Matches(parsed!));
    }

    /// <summary>How many they are.</summary>
    public override string ToString() => IsAny ? "any redirect" : $"{_patterns.Length} redirects";
}
