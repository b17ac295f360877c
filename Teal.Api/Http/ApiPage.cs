namespace Teal.Api.Http;

/// <summary>A part of a list, in the order of the things' names.</summary>
/// <param name="Items">The things.</param>
/// <param name="Next">The last one's name where more follow, to be asked for as <c>after</c>; null: these were the last.</param>
internal sealed record ApiPage<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>Takes a page of things that come in any order, and holds no more of them meanwhile.</summary>
    /// <param name="all">The things.</param>
    /// <param name="nameOf">What they are ordered by. Of several with one name the first counts.</param>
    /// <param name="after">The name behind which the page begins; null: it is the first one.</param>
    /// <param name="limit">How many it may have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<ApiPage<T>> TakeAsync(
        IAsyncEnumerable<T> all, Func<T, string> nameOf, string? after, int limit, CancellationToken cancellationToken)
    {
        var first = new SortedList<string, T>(limit + 2, StringComparer.Ordinal);
        await foreach (var item in all.WithCancellation(cancellationToken))
        {
            var name = nameOf(item);
            if (string.CompareOrdinal(name, after) <= 0) continue;
            if (first.Count > limit && string.CompareOrdinal(name, first.GetKeyAtIndex(limit)) > 0) continue;

            first.TryAdd(name, item);
            if (first.Count > limit + 1) first.RemoveAt(limit + 1);
        }

        var hasMore = first.Count > limit;
        return new ApiPage<T>([.. first.Values.Take(limit)], hasMore ? first.GetKeyAtIndex(limit - 1) : null);
    }
}
