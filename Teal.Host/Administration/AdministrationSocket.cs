using System.Net;
using System.Net.Sockets;
using Teal.Core.Hosting;

namespace Teal.Host.Administration;

/// <summary>
/// The socket of a data folder, bound, and open to its owner alone (specification 10.2). Nobody can connect before somebody listens, and by
/// then its mode is set. It is removed with the object.
/// </summary>
internal sealed class AdministrationSocket : EndPoint, IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string? _text;

    private AdministrationSocket(Socket socket, string path, string? text) => (Socket, Path, _text) = (socket, path, text);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The bound socket. Whoever listens on it closes it.</summary>
    public Socket Socket { get; }

    /// <summary>
    /// Binds the socket of a data folder, which is made where there is none; null: there can be none, and the fault says why.
    /// </summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="fault">Why there is none, for an operator; null: there is one.</param>
    public static AdministrationSocket? TryOpen(string folder, out string? fault)
    {
        fault = null;
        if (OperatingSystem.IsWindows()) return null;

        try
        {
            Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute);
            var place = SocketPlace.In(folder);
            var path = SocketPlace.Fits(place) ? place : SocketPlace.Elsewhere(folder);
            fault = path is null
                ? $"the path of {place} is longer than a socket's may be, and there is no folder of the user's in XDG_RUNTIME_DIR"
                : FaultOf(System.IO.Path.GetDirectoryName(place)!) ?? FaultOf(System.IO.Path.GetDirectoryName(path)!)
                    ?? Clear(place) ?? Clear(path);
            return fault is null ? Bind(path!, path == place ? null : place) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException)
        {
            fault = exception.Message.TrimEnd('.');
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // It takes its file along.
        Socket.Dispose();
        if (_text is not null) File.Delete(_text);
    }

    /// <inheritdoc/>
    public override string ToString() => $"unix:{Path}";

    // Whoever may write in the folder could put another socket there.
    private static string? FaultOf(string folder) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & Others) != 0
        ? $"other users of this machine may look into {folder}; forbid it with: chmod 700 {folder}" : null;

    // A process that was killed leaves its socket or text behind.
    private static string? Clear(string path)
    {
        if (new FileInfo(path).LinkTarget is not null) return $"{path} is a link";
        if (FileKind.IsSocket(path) && SocketPlace.IsAnsweredAt(path))
            return $"another process of Teal listens at {path}; give each a Teal:DataDirectory of its own";

        File.Delete(path);
        return null;
    }

    private static AdministrationSocket Bind(string path, string? text)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, Owner);
            if (text is not null) WriteText(text, path);
            return new AdministrationSocket(socket, path, text);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void WriteText(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        using var writer = new StreamWriter(path, options);
        writer.Write(text + '\n');
    }
}
