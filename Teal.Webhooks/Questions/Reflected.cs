using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Questions;

/// <summary>Answers that say what the question said.</summary>
internal static class Reflected
{
    // The longest of any provider has some hundred characters.
    private const int Longest = 1024;

    /// <summary>The text as plain text; where it is missing or too long, a refusal.</summary>
    public static SchemeAnswer Answer(string? text) =>
        text is { Length: > 0 and <= Longest } ? new SchemeAnswer(200, text)
        : new SchemeAnswer(400, $"The challenge has to have 1 to {Longest} characters.");
}
