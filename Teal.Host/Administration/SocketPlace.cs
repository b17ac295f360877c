using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Teal.Core.Hosting;

namespace Teal.Host.Administration;

/// <summary>
/// Where the socket of a data folder is (specification 10.2): <c>teal.sock</c> in it. Where that path is longer than the operating system
/// takes for a socket, it is in the runtime folder of the server's user, and <c>teal.sock</c> is a text that says where.
/// </summary>
internal static class SocketPlace
{
    /// <summary>The longest path of a socket, in bytes: what the operating system takes.</summary>
    public const int LongestPath = 107;

    private const string Name = "teal.sock";

    private const int LongestText = 4096;

    /// <summary>What the folder has: the socket, or the text.</summary>
    public static string In(string folder) => Path.Combine(Path.GetFullPath(folder), Name);

    /// <summary>Whether the operating system takes it.</summary>
    public static bool Fits(string path) => Encoding.UTF8.GetByteCount(path) <= LongestPath;

    /// <summary>
    /// Where the socket of a data folder goes whose own path is too long; null: there is no runtime folder, or its path is too long, too.
    /// </summary>
    public static string? Elsewhere(string folder)
    {
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        if (!Path.IsPathRooted(runtime)) return null;

        // One for each data folder.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder)));
        var path = Path.Combine(runtime, $"teal-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}.sock");
        return Fits(path) ? path : null;
    }

    /// <summary>Whether a process listens at the socket of a data folder, or that cannot be told.</summary>
    public static bool IsAnswered(string folder) => Find(folder) is { } path && IsAnsweredAt(path);

    /// <summary>Whether a process listens at a socket, or that cannot be told.</summary>
    public static bool IsAnsweredAt(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }

    /// <summary>The socket of a data folder, as a server left it there; null: there is none.</summary>
    public static string? Find(string folder)
    {
        var path = In(folder);
        if (!FileKind.IsOrdinary(path)) return FileKind.IsSocket(path) ? path : null;

        using var reader = new StreamReader(path, Encoding.UTF8);
        var text = new char[LongestText];
        var elsewhere = new string(text, 0, reader.ReadBlock(text)).TrimEnd('\n');
        return Path.IsPathRooted(elsewhere) && FileKind.IsSocket(elsewhere) ? elsewhere : null;
    }
}
