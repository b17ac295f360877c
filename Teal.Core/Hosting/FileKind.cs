using System.Runtime.InteropServices;

namespace Teal.Core.Hosting;

/// <summary>What a name in the file system is. .NET does not tell it; Linux does (statx(2)).</summary>
public static partial class FileKind
{
    private const int CurrentFolder = -100, DoNotFollow = 0x100;
    private const uint TypeWanted = 1;
    private const int ModeOffset = 28, BufferSize = 256;
    private const int TypeMask = 0xF000, Socket = 0xC000, Ordinary = 0x8000;

    /// <summary>Whether it is a socket, and no link to one. False where it is not there, or cannot be told.</summary>
    public static bool IsSocket(string path) => TypeOf(path, DoNotFollow) == Socket;

    /// <summary>
    /// Whether it is an ordinary file, or a link to one: no device, pipe or folder. Where that cannot be told, whether it is there.
    /// </summary>
    public static bool IsOrdinary(string path) => OperatingSystem.IsLinux() ? TypeOf(path, 0) == Ordinary : File.Exists(path);

    private static int TypeOf(string path, int flags)
    {
        if (!OperatingSystem.IsLinux()) return 0;

        // The same on all processors, unlike what stat(2) fills.
        Span<byte> buffer = stackalloc byte[BufferSize];
        return Statx(CurrentFolder, path, flags, TypeWanted, buffer) == 0 ? MemoryMarshal.Read<ushort>(buffer[ModeOffset..]) & TypeMask : 0;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> buffer);
}
