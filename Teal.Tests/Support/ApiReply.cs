using System.Text.Json;

namespace Teal.Tests.Support;

/// <summary>What the API answered.</summary>
internal sealed record ApiReply(int Status, string? MediaType, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The body.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Why it was not done, for programs.</summary>
    public string? Code => Json.GetProperty("code").GetString();

    /// <summary>Why it was not done, for people.</summary>
    public string? Detail => Json.GetProperty("detail").GetString();

    public static async Task<ApiReply> ReadAsync(HttpResponseMessage answer)
    {
        var headers = answer.Headers.Concat(answer.Content.Headers)
            .ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new ApiReply(
            (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, headers,
            await answer.Content.ReadAsStringAsync().WithinLimit());
    }
}
