using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Teal.Benchmarks.Load.Client;

/// <summary>
/// Linux' epoll(7), level-triggered: which of many sockets can be read or written. .NET itself has only the kind that calls back on other
/// threads.
/// </summary>
internal sealed partial class Epoll : IDisposable
{
    private const int CloseOnExec = 0x80000, AddOperation = 1, RemoveOperation = 2, ChangeOperation = 3, Interrupted = 4;
    private const uint Readable = 1, Writable = 4;
    private const int MostEvents = 512;

    // struct epoll_event is packed on x64 alone.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private readonly int _descriptor = Check(Create(CloseOnExec));
    private readonly byte[] _events = new byte[MostEvents * EventSize];

    /// <summary>Watches a descriptor; <paramref name="key"/> is told when it can be read.</summary>
    public void Add(int descriptor, int key) => Set(AddOperation, descriptor, key, Readable);

    /// <summary>Watches it for something else; for its end in any case.</summary>
    public void Change(int descriptor, int key, bool reads, bool writes) =>
        Set(ChangeOperation, descriptor, key, (reads ? Readable : 0) | (writes ? Writable : 0));

    /// <summary>Watches it no more.</summary>
    public void Remove(int descriptor)
    {
        Span<byte> entry = stackalloc byte[EventSize];
        Check(Control(_descriptor, RemoveOperation, descriptor, ref entry[0]));
    }

    /// <summary>
    /// Waits until something can be read, and or written, and returns how many keys <see cref="KeyAt"/> has then; 0: the time is over.
    /// </summary>
    public int Wait(TimeSpan limit)
    {
        var count = Wait(_descriptor, ref _events[0], MostEvents, (int)Math.Ceiling(Math.Max(0, limit.TotalMilliseconds)));
        return count < 0 && Marshal.GetLastPInvokeError() == Interrupted ? 0 : Check(count);
    }

    /// <summary>The key of the descriptor that can be read or written.</summary>
    public int KeyAt(int index) => BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan((index * EventSize) + EventSize - 8));

    /// <summary>Whether it can be written.</summary>
    public bool CanWriteAt(int index) => (EventsAt(index) & Writable) != 0;

    /// <summary>Whether it can be read, be it that it has ended.</summary>
    public bool CanReadAt(int index) => (EventsAt(index) & ~Writable) != 0;

    /// <inheritdoc/>
    public void Dispose() => _ = Close(_descriptor);

    private uint EventsAt(int index) => BinaryPrimitives.ReadUInt32LittleEndian(_events.AsSpan(index * EventSize));

    private void Set(int operation, int descriptor, int key, uint events)
    {
        Span<byte> entry = stackalloc byte[EventSize];
        entry.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(entry, events);
        BinaryPrimitives.WriteInt32LittleEndian(entry[(EventSize - 8)..], key);
        Check(Control(_descriptor, operation, descriptor, ref entry[0]));
    }

    private static int Check(int result) => result < 0 ? throw new Win32Exception(Marshal.GetLastPInvokeError()) : result;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int descriptor, ref byte entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, ref byte events, int count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
