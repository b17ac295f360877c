using Teal.Core.Events;

namespace Teal.Core.Journal;

/// <summary>
/// A journal that several processes append to, and that can tell which topics got events lately: a dispatcher that looks now and then
/// learns what the bus did not bring.
/// </summary>
public interface IJournalFeed
{
    /// <summary>The feed's end now.</summary>
    ValueTask<string> FindFeedEndAsync(CancellationToken cancellationToken);

    /// <summary>What was appended behind a place of the feed, oldest first, at most a few thousand entries.</summary>
    /// <param name="after">What <see cref="FindFeedEndAsync"/>, or an earlier page's <see cref="JournalFeedPage.End"/>, returned.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask<JournalFeedPage> ReadFeedAsync(string after, CancellationToken cancellationToken);
}
