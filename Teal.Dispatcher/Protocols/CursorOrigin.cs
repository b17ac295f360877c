using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Teal.Core.Events;
using Teal.Core.Journal;

namespace Teal.Dispatcher.Protocols;

/// <summary>What a cursor belongs to: a journal and a topic, by 24 bits of each. Enough to tell mistakes, as nobody gains by a cursor that he makes up.</summary>
/// <param name="Journal">Of the journal's id.</param>
/// <param name="Topic">Of the topic's hash.</param>
internal readonly record struct CursorOrigin(int Journal, int Topic)
{
    /// <summary>Of a topic in a journal.</summary>
    /// <param name="journal">As <see cref="JournalOf"/> has it.</param>
    /// <param name="topic">The topic.</param>
    public static CursorOrigin Of(int journal, Topic topic) => new(journal, First(TopicHash.Of(topic)));

    /// <summary>What stands for a journal.</summary>
    public static int JournalOf(IEventJournal journal) => First(SHA256.HashData(Encoding.UTF8.GetBytes(journal.Id)));

    private static int First(ReadOnlySpan<byte> hash) => (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) >> 8);
}
