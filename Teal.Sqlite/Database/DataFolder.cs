namespace Teal.Sqlite.Database;

/// <summary>
/// The data folder and the files in it: open to their owner alone, and no links. Whoever may write in the folder could else have Teal
/// change a file of its user's elsewhere. The folder itself may be a link.
/// </summary>
internal static class DataFolder
{
    // What opening a locked file fails with: Linux, macOS, Windows.
    private static readonly int[] LockedElsewhere = [11, 35, unchecked((int)0x80070020)];

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    // All that is in the folder.
    private static readonly string[] FileNames =
        ["teal.lock", "teal.owner", "teal.owner.new", "teal.db", "teal.db-wal", "teal.db-shm", "teal.db-journal"];

    /// <summary>Makes the folder where there is none, and throws <see cref="SqliteStoreException"/> where a link stands in it.</summary>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);

        foreach (var name in FileNames) RefuseLink(Path.Combine(folder, name));
    }

    /// <summary>Whether other users of the machine may read or change what is in it.</summary>
    public static bool IsOpenToOthers(string folder) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & Others) != 0;

    /// <summary>
    /// The folder's lock, held until it is closed; throws <see cref="SqliteStoreException"/> while another process has it.
    /// </summary>
    public static FileStream Lock(string folder)
    {
        try
        {
            return OpenFile(Path.Combine(folder, "teal.lock"), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException exception) when (LockedElsewhere.Contains(exception.HResult))
        {
            throw new SqliteStoreException(
                $"{folder} is in use by another process of Teal. Stop that one, or give this one another Teal:DataDirectory.", exception);
        }
    }

    /// <summary>Opens a file of the folder, which its owner alone may read and write from then on.</summary>
    public static FileStream OpenFile(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        var file = new FileStream(path, options);

        try
        {
            // Looked at again, as it may have been put there meanwhile. Permissions also where the file was there already.
            RefuseLink(path);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is null) return;

        throw new SqliteStoreException(
            $"{path} is a link, and Teal does not follow it: it might lead to a file that is not Teal's. " +
            "Remove it; Teal:DataDirectory may lead elsewhere.");
    }
}
