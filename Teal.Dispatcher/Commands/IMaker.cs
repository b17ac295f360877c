using Teal.Core.Events;
using Teal.Core.Identities;

namespace Teal.Dispatcher.Commands;

/// <summary>Makes and ends what clients own, of one kind. Members throw what the store throws.</summary>
internal interface IMaker
{
    /// <summary>The kind of the events that come to it.</summary>
    EventKind Kind { get; }

    /// <summary>What it is called within a sentence.</summary>
    string Noun { get; }

    /// <summary>Makes it.</summary>
    /// <param name="identity">Whose it will be.</param>
    /// <param name="creation">What is made; of this kind.</param>
    /// <param name="made">Gets what the client is told of it, and what takes it back.</param>
    ValueTask<MakeOutcome> CreateAsync(Identity identity, Command.Creation creation, Made made);

    /// <summary>Deletes it, and the events that are kept of it.</summary>
    /// <param name="identity">Who wants it.</param>
    /// <param name="topic">The topic of its events.</param>
    ValueTask<MakeOutcome> DeleteAsync(Identity identity, Topic topic);
}
