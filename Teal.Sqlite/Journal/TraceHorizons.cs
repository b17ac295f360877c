using Teal.Core.Events;

namespace Teal.Sqlite.Journal;

/// <summary>By kind, the position up to which topics may have been forgotten because too many were remembered. For any thread.</summary>
internal sealed class TraceHorizons
{
    private readonly long[] _positions = new long[byte.MaxValue + 1];

    /// <summary>The horizon of a kind; 0: no topic was forgotten for that.</summary>
    public long Of(EventKind kind) => Volatile.Read(ref _positions[kind.Number]);

    /// <summary>Sets it, where it is further; one thread at a time.</summary>
    public void Raise(EventKind kind, long position)
    {
        if (position > Of(kind)) Volatile.Write(ref _positions[kind.Number], position);
    }
}
