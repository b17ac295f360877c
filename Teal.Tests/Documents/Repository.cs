using Teal.Tests.Support;

namespace Teal.Tests.Documents;

/// <summary>The files of the repository that tests read, or write where that is asked for.</summary>
internal static class Repository
{
    private static readonly string[] Built = ["bin", "obj"];

    private static readonly EnumerationOptions Everywhere =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden };

    private static string Root => Path.GetFullPath(TealProcess.Metadata("RepositoryRoot"));

    /// <summary>Whether what is made of the code is written instead of compared, as CONTRIBUTING.md tells.</summary>
    public static bool IsWritten => Environment.GetEnvironmentVariable("TEAL_WRITE_DOCUMENTS") == "1";

    /// <summary>All documents, by their paths from the root.</summary>
    public static string[] Documents => Find("*.md");

    /// <summary>All sources in C#, by their paths from the root.</summary>
    public static string[] Sources => Find("*.cs");

    /// <summary>Where a file is.</summary>
    public static string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>A file's text, with line feeds.</summary>
    public static string Read(string name) => File.ReadAllText(PathOf(name)).ReplaceLineEndings("\n");

    /// <summary>A file's lines.</summary>
    public static string[] ReadLines(string name) => File.ReadAllLines(PathOf(name));

    private static string[] Find(string pattern) =>
    [
        .. Directory.EnumerateFiles(Root, pattern, Everywhere)
            .Select(static path => Path.GetRelativePath(Root, path))
            .Where(static name => !name.Split(Path.DirectorySeparatorChar).Any(Built.Contains))
            .Order(StringComparer.Ordinal),
    ];
}
