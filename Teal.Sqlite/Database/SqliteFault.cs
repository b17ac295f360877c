using Microsoft.Data.Sqlite;

namespace Teal.Sqlite.Database;

/// <summary>What an error of the database or its files means to an operator, and what to do about it.</summary>
internal static class SqliteFault
{
    /// <summary>For a file that is damaged, or that this version cannot read.</summary>
    public const string WhatToDoWhenDamaged =
        "Nothing was changed. Restore it from a backup, or move all files of that folder away to start with an empty store.";

    /// <summary>Says it in a line or two.</summary>
    /// <param name="exception">What the driver or the file system threw.</param>
    /// <param name="folder">The data folder.</param>
    /// <param name="path">The database's file in it.</param>
    public static string Explain(Exception exception, string folder, string path) => exception switch
    {
        SqliteException { SqliteErrorCode: 11 or 26 } =>
            $"{path} is damaged, or not a database ({exception.Message}). {WhatToDoWhenDamaged}",
        SqliteException { SqliteErrorCode: 5 or 6 } => $"{path} is locked by another program. End that program, and start again.",
        SqliteException { SqliteErrorCode: 13 } => $"The disk that holds {path} is full. Make room; Teal then goes on by itself.",
        SqliteException { SqliteErrorCode: 1 } =>
            $"{path} is not a database of this version of Teal ({exception.Message}). {WhatToDoWhenDamaged}",
        FileNotFoundException or DirectoryNotFoundException =>
            $"{folder} cannot be made there. Set Teal:DataDirectory to a folder that can.",
        _ => $"{folder} cannot be written ({exception.Message}). " +
            "Give the user that runs Teal the right to, or set Teal:DataDirectory to another folder.",
    };
}
