using System.Runtime.InteropServices;
using System.Text;

namespace Teal.Host.Commands;

/// <summary>
/// The standard output of a command that goes on. .NET's own says nothing where its reader is gone, as behind <c>| head -1</c>, and the command would go on for nobody.
/// </summary>
internal static partial class StandardOutput
{
    private const int FileNumber = 1;

    // Of Linux and of the BSDs.
    private const int Interrupted = 4, BrokenPipe = 32;

    /// <summary>Writes a line.</summary>
    /// <exception cref="StandardOutputException">It cannot be written.</exception>
    public static void WriteLine(string text)
    {
        if (OperatingSystem.IsWindows()) Console.Out.WriteLine(text);
        else Write(Encoding.UTF8.GetBytes(text + "\n"));
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
            if (error != Interrupted) throw new StandardOutputException(Marshal.GetPInvokeErrorMessage(error), isUnread: error == BrokenPipe);
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int file, ReadOnlySpan<byte> bytes, nint count);
}
