using System.Runtime.InteropServices;
using System.Text;

namespace Teal.Host.Commands;

/// <summary>
/// The standard output. .NET's own says nothing where its reader is gone, as behind <c>| head -1</c>, and the command would go
/// on for nobody.
/// </summary>
internal static partial class StandardOutput
{
    private const int FileNumber = 1;

    // Of Linux and of the BSDs.
    private const int Interrupted = 4, BrokenPipe = 32;

    // poll(2).
    private const short Error = 8, NotOpen = 32;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Writes a line.</summary>
    /// <exception cref="StandardOutputException">It cannot be written.</exception>
    public static void WriteLine(string text) => Write(text + Environment.NewLine);

    /// <summary>Writes a text.</summary>
    /// <exception cref="StandardOutputException">It cannot be written.</exception>
    public static void Write(string text)
    {
        if (OperatingSystem.IsWindows()) Console.Out.Write(text);
        else Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Completes when nobody reads it any more, as where the reader of a pipe has ended; else when it is cancelled.</summary>
    public static async Task WhenUnreadAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookInterval, TimeProvider.System);
        while (!IsUnread()) await timer.WaitForNextTickAsync(cancellationToken);
    }

    /// <summary>Says why it cannot be written, and gives the exit code for it.</summary>
    public static int Fail(StandardOutputException exception)
    {
        // As shells have it for a program that such a pipe ends, which says nothing either.
        if (exception.IsUnread) return ExitCode.NobodyReads;

        Console.Error.WriteLine($"teal: the output cannot be written ({exception.Message}).");
        return ExitCode.NotWritable;
    }

    // Of a pipe or a socket whose other end is closed; a file has none.
    private static bool IsUnread()
    {
        var output = new Polled { File = FileNumber };
        return !OperatingSystem.IsWindows() && Poll(ref output, 1, 0) > 0 && (output.Happened & (Error | NotOpen)) == Error;
    }

    private static void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = Write(FileNumber, bytes, bytes.Length);
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                throw new StandardOutputException(Marshal.GetPInvokeErrorMessage(error), isUnread: error == BrokenPipe);
        }
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Polled files, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int file, ReadOnlySpan<byte> bytes, nint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct Polled
    {
        public int File;
        public short Wanted;
        public short Happened;
    }
}
