namespace Teal.Client.Forwarding;

/// <summary>
/// Keeps the cursor up to which events were forwarded, so that the next process goes on there. What it has is whole, however this one ends.
/// </summary>
/// <param name="path">The file, which need not be there yet.</param>
public sealed class CursorFile(string path)
{
    /// <summary>The cursor; null: there is no file, or it is empty.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public string? Read() => File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } cursor ? cursor : null;

    /// <summary>Puts another one there; it is on the disk then.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(string cursor)
    {
        var next = path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            using (var text = new StreamWriter(file, leaveOpen: true)) text.Write(cursor + "\n");
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }
}
