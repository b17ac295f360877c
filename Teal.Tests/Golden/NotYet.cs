namespace Teal.Tests.Golden;

/// <summary>What is not replayed yet. Delete an entry, and its cases run.</summary>
internal static class NotYet
{
    /// <summary>The reasons; the first that covers a case is told.</summary>
    public static readonly IReadOnlyList<Postponement> All =
    [
        new("area K looks into the broker and Redis, and stops them", static recorded => recorded.Area == 'K'),
        new("processes of their own, with environment variables", static recorded =>
            recorded.Has("env") || recorded.Requests.Any(static request => request.To.StartsWith("other:", StringComparison.Ordinal))),
    ];

    /// <summary>Why a case is not replayed; null: it is.</summary>
    public static string? ReasonFor(GoldenCase recorded) => All.FirstOrDefault(entry => entry.Covers(recorded))?.Reason;
}
