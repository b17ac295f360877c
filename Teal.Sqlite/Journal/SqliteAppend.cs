using System.Text;
using Microsoft.Data.Sqlite;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Sqlite.Writing;

namespace Teal.Sqlite.Journal;

/// <summary>An event on its way into the journal, and what its sender awaits.</summary>
/// <param name="changes">Keeps it.</param>
/// <param name="event">The event, without its place.</param>
/// <param name="topic">Its topic's hash.</param>
/// <param name="keepUntil">A position.</param>
/// <param name="lane">Whom it may hold up.</param>
/// <param name="body">The event as it is written, without its content.</param>
/// <param name="content">The bytes that its sender sent; null: it has none.</param>
/// <param name="kept">Called with the event and its place once it is committed.</param>
internal sealed class SqliteAppend(
    SqliteJournalChanges changes, TealEvent @event, byte[] topic, long keepUntil, WriteLane lane, byte[] body,
    ReadOnlyMemory<byte>? content, Action<TealEvent> kept) : SqliteWrite
{
    // Without a work item of its own: WriteCompletions has one for many.
    private readonly TaskCompletionSource<TealEvent> _done = new();
    private TealEvent? _kept;

    /// <summary>The kind of its topic.</summary>
    public EventKind Kind => @event.Topic.Kind;

    /// <summary>The hash of its topic.</summary>
    public byte[] Topic => topic;

    /// <summary>Whose it is, as that is written; null: nothing is.</summary>
    public byte[]? Owner { get; } = EventOwner.ToText(@event) is { } owner ? Encoding.ASCII.GetBytes(owner) : null;

    /// <summary>The position at which it may be forgotten.</summary>
    public long KeepUntil => keepUntil;

    /// <summary>Whether somebody is known to have asked for it.</summary>
    public bool IsInvited => lane == WriteLane.Invited;

    /// <summary>The event as it is written, without its content.</summary>
    public byte[] Body => body;

    /// <summary>The bytes that its sender sent; null: it has none.</summary>
    public ReadOnlyMemory<byte>? Content => content;

    /// <inheritdoc/>
    public override int Size => body.Length + (content?.Length ?? 0);

    /// <inheritdoc/>
    public override WriteLane Lane => lane;

    /// <summary>The place that it got when it was executed last.</summary>
    public EventPlace Place { get; set; }

    /// <summary>Completes when <see cref="Complete"/> is called.</summary>
    public Task<TealEvent> Done => _done.Task;

    /// <inheritdoc/>
    public override void Execute(SqliteConnection connection) => changes.Append(connection, this);

    /// <inheritdoc/>
    public override void AfterCommit()
    {
        _kept = @event with { Place = Place };
        kept(_kept);
    }

    /// <inheritdoc/>
    public override void AfterSync()
    {
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        if (Failure is null) _done.SetResult(_kept!);
        else _done.SetException(Failure);
    }
}
