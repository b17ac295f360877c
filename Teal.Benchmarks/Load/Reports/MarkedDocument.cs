namespace Teal.Benchmarks.Load.Reports;

/// <summary>A document of which a part, between two lines that mark it, is written by a program.</summary>
internal static class MarkedDocument
{
    private const string Begin = "<!-- measured: written by bench.sh -->", End = "<!-- /measured -->";

    /// <summary>Replaces what stands between the marks.</summary>
    /// <exception cref="InvalidDataException">The marks are not there.</exception>
    public static void Write(string path, string text)
    {
        var document = File.ReadAllText(path);
        int begin = document.IndexOf(Begin, StringComparison.Ordinal), end = document.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin) throw new InvalidDataException($"{path} has no part between «{Begin}» and «{End}».");

        File.WriteAllText(path, $"{document[..(begin + Begin.Length)]}\n\n{text.Trim()}\n\n{document[end..]}");
    }
}
