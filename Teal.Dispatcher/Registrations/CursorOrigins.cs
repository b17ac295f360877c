using System.Security.Cryptography;
using System.Text;
using Teal.Core.Events;
using Teal.Core.Journal;

namespace Teal.Dispatcher.Registrations;

/// <summary>What cursors of this journal belong to.</summary>
internal sealed class CursorOrigins(IEventJournal journal)
{
    // Immutable, so that it needs no lock.
    private Known? _known;

    private int Journal
    {
        get
        {
            var identity = journal.Identity;
            if (_known is { } known && ReferenceEquals(known.Identity, identity)) return known.Tag;

            _known = known = new Known(identity, CursorOrigin.First(SHA256.HashData(Encoding.UTF8.GetBytes(identity))));
            return known.Tag;
        }
    }

    /// <summary>Of a topic.</summary>
    public CursorOrigin Of(Topic topic) => new(Journal, CursorOrigin.First(TopicHash.Of(topic)));

    private sealed record Known(string Identity, int Tag);
}
