namespace Teal.Webhooks.Schemes;

/// <summary>What a sender is answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Text">The body; empty: none.</param>
public sealed record SchemeAnswer(int Status, string Text = "")
{
    /// <summary>204, which is what most providers take for «arrived».</summary>
    public static readonly SchemeAnswer NoContent = new(204);

    /// <summary>The body's type. What is reflected is never a page.</summary>
    public string ContentType { get; init; } = "text/plain; charset=utf-8";

    /// <summary>Headers beside it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
