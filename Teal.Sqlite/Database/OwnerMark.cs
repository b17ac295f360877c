namespace Teal.Sqlite.Database;

/// <summary>
/// The file <c>teal.owner</c>, by which a process knows that the data folder is still its own. It can be read while the lock
/// is held. One thread at a time.
/// </summary>
internal sealed class OwnerMark
{
    private readonly string _path;
    private readonly byte[] _owner = Guid.NewGuid().ToByteArray();
    private DateTime _written;

    private OwnerMark(string path) => _path = path;

    /// <summary>Marks a folder as this process's.</summary>
    public static OwnerMark Write(string folder)
    {
        var mark = new OwnerMark(Path.Combine(folder, "teal.owner"));
        mark.Write();
        return mark;
    }

    /// <summary>Whether the mark is still there, and <paramref name="database"/> beside it.</summary>
    public bool IsInPlace(string database)
    {
        // Looked at for each commit: as long as nobody has touched the file, there is no need to read it.
        var written = File.GetLastWriteTimeUtc(_path);
        if (written == _written && File.Exists(database)) return true;

        Span<byte> owner = stackalloc byte[16];
        try
        {
            using var handle = File.OpenHandle(_path);
            if (RandomAccess.Read(handle, owner, 0) != owner.Length || !owner.SequenceEqual(_owner) || !File.Exists(database)) return false;
        }
        catch (IOException)
        {
            // Deleted.
            return false;
        }

        _written = written;
        return true;
    }

    // In the place of the one before and not over it, so that nothing else is overwritten, whatever is put there meanwhile.
    private void Write()
    {
        var path = $"{_path}.new";
        File.Delete(path);
        using (var owner = DataFolder.OpenFile(path, FileMode.CreateNew, FileShare.Read)) owner.Write(_owner);
        File.Move(path, _path, overwrite: true);
        _written = File.GetLastWriteTimeUtc(_path);
    }
}
