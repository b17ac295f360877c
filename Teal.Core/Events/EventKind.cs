using System.Text.Json;
using Teal.Core.Wire;

namespace Teal.Core.Events;

/// <summary>
/// What kind of thing another party did; with a key it makes a <see cref="Topic"/>. All that is different from kind to kind is said
/// here, so that nothing else asks for the kind. One object for each; it has no state and serves all threads at once.
/// </summary>
public abstract class EventKind
{
    /// <summary>
    /// The number in databases, in names of Redis' keys and in hashes of topics, 0 to 253: a storage format, never given to another kind.
    /// </summary>
    public abstract byte Number { get; }

    /// <summary>The name in logs.</summary>
    public abstract string Name { get; }

    /// <summary>The name that people write, as in the permission <c>read ciba:*</c> (specification 8).</summary>
    public abstract string ShortName { get; }

    /// <summary>What an event is called within a sentence, with its article.</summary>
    public abstract string Noun { get; }

    /// <summary>The <c>type</c> of topics in messages of clients (specification 3.2).</summary>
    public abstract string TopicType { get; }

    /// <summary>The member of such a topic that has its key.</summary>
    public abstract string KeyMember { get; }

    /// <summary>The <c>type</c> of events in messages for clients (specification 3.2).</summary>
    public abstract string EventType { get; }

    /// <summary>The member of an event's JSON that has its topic's key.</summary>
    public abstract string EventKeyMember { get; }

    /// <summary>The exchange at RabbitMQ, without the installation's prefix (specification 4.1).</summary>
    public abstract string Exchange { get; }

    /// <summary>
    /// Whether topics are states that clients create (specification 3.2). Their events are kept as long as the state lives, and of a
    /// stored one it is known that somebody asked for it. Default false.
    /// </summary>
    public virtual bool HasStates => false;

    /// <summary>
    /// Whether clients can say beforehand what they wait for, which then is their team's (specification 8.5). Default:
    /// <see cref="HasStates"/>.
    /// </summary>
    public virtual bool IsCreated => HasStates;

    /// <summary>
    /// Whether keys are those of a team, <c>TEAM/NAME</c>, of which clients of that team write the name alone (<see cref="Topic.Within"/>).
    /// Default false.
    /// </summary>
    public virtual bool IsOfTeams => false;

    /// <summary>How long an event is kept where nothing else is said. Default 7 days.</summary>
    public virtual TimeSpan DefaultRetention => TimeSpan.FromDays(7);

    /// <summary>The key that a topic has in all places, for one as a client may write it. Default: the same.</summary>
    public virtual string NormalizeKey(string key) => key;

    /// <summary>
    /// The bytes that the third party sent, where an event of this kind carries them unaltered; null: it has none. Default null.
    /// </summary>
    public virtual ReadOnlyMemory<byte>? ContentOf(TealEvent @event) => null;

    /// <summary>Writes the members of an event of this kind behind its timestamp, each with a comma in front of it.</summary>
    public abstract void Write(TealEvent @event, ref CompactJsonWriter json, EventForm form);

    /// <summary>
    /// The event of such members; null where they are none of this kind. Throws <see cref="InvalidOperationException"/> for a string
    /// with a lone surrogate, as the JSON reader does.
    /// </summary>
    /// <param name="json">An object, which may have further members.</param>
    /// <param name="timestamp">The event's timestamp.</param>
    /// <param name="content">What a journal keeps beside the JSON (<see cref="ContentOf"/>); null: the JSON has all.</param>
    public abstract TealEvent? Read(JsonElement json, DateTime timestamp, ReadOnlyMemory<byte>? content);

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;
}
