using Microsoft.AspNetCore.Http;
using Teal.Api.Audit;
using Teal.Api.Http;
using Teal.Core.Events;
using Teal.Core.Journal;
using Teal.Core.Kinds;

namespace Teal.Api.Purge;

/// <summary><c>/purge</c>: forgets kept events before their time, because they hold tokens.</summary>
internal sealed class PurgeResource(IJournalPurge journal, AuditLog audit) : IApiResource
{
    // Each is a write of the journal of its own.
    private const int MostTopics = 100;

    private static readonly string Kinds = string.Join(", ", EventKinds.All.Select(static kind => kind.ShortName));

    /// <inheritdoc/>
    public IReadOnlyList<ApiRoute> Routes => [new(HttpMethods.Post, "/purge", ApiRight.Admin, PurgeAsync)];

    private async ValueTask<ApiResult> PurgeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var input = await request.ReadAsync(cancellationToken);
        var (isAll, topics) = (input.Flag("all") == true, ReadTopics(input));
        if (input.Fault is { } fault) return fault;
        if (isAll == topics.Count > 0) return ApiResult.Problem.Invalid("The body must have either \"all\": true or \"topics\".");

        // Once it is begun it goes on, whether somebody waits for it or not.
        var events = isAll ? await journal.PurgeAsync(CancellationToken.None) : 0;
        foreach (var topic in topics) events += await journal.PurgeAsync(topic, CancellationToken.None);
        audit.Note(request, $"purged {(isAll ? "all topics" : Describe(topics))}, events: {events}");
        return ApiResult.Of(new PurgeAnswer(events), PurgeJson.Written.PurgeAnswer);
    }

    private static List<Topic> ReadTopics(ApiInput input)
    {
        var topics = new List<Topic>();
        foreach (var text in input.Texts("topics") ?? [])
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && colon + 1 < text.Length && EventKinds.ByShortName(text[..colon]) is { } kind)
                topics.Add(new Topic(kind, kind.NormalizeKey(text[(colon + 1)..])));
            else
                input.Refuse("topics", $"must be a list of KIND:KEY, where KIND is one of {Kinds}");
        }

        if (topics.Count > MostTopics) input.Refuse("topics", $"must have at most {MostTopics} entries");
        return topics;
    }

    // A key has no place in a log.
    private static string Describe(List<Topic> topics) =>
        string.Join(
            " and ", topics.CountBy(static topic => topic.Kind.ShortName).Select(static kind => $"topics of {kind.Key}: {kind.Value}"));
}
