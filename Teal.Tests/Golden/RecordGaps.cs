namespace Teal.Tests.Golden;

/// <summary>Steps that were done, and that the record tells in a title or a remark only.</summary>
internal static class RecordGaps
{
    /// <summary>The case with all its steps.</summary>
    public static GoldenCase Close(GoldenCase recorded) => recorded.Id switch
    {
        // The first client left between the two hits; the close code is its own.
        "D32" => recorded with
        {
            Steps = [.. recorded.Steps.Take(3), new DisconnectStep("A"), .. recorded.Steps.Skip(3)],
            Closed = new Dictionary<string, int>(),
        },

        // Of the twenty hits one is written down.
        "D36" => recorded with { Steps = [recorded.Steps[0], .. Enumerable.Range(0, 20).Select(i => Hit(recorded.Requests.First(), i))] },
        "D40" => recorded with { Steps = [new PingStep()] },
        _ => recorded,
    };

    private static HttpStep Hit(HttpStep first, int number) => first with { Target = $"/callback?state=d36&i={number}" };
}
