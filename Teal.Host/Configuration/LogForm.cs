namespace Teal.Host.Configuration;

/// <summary>The forms that the log can have, by the names that .NET has for them (<c>Logging:Console:FormatterName</c>).</summary>
internal static class LogForm
{
    /// <summary>A line each, for people.</summary>
    public const string Simple = "simple";

    /// <summary>The same with a priority in front (sd-daemon(3)), for systemd's journal.</summary>
    public const string Systemd = "systemd";

    /// <summary>An object each.</summary>
    public const string Json = "json";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Simple, Systemd, Json];

    /// <summary>The form where none was chosen: systemd's, where systemd says that the log goes to its journal.</summary>
    public static string Default =>
        Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 } stream && IsStandardError(stream) ? Systemd : Simple;

    // The variable names a device and an inode; children that have their log elsewhere inherit it.
    private static bool IsStandardError(string stream)
    {
        try
        {
            return File.ResolveLinkTarget("/proc/self/fd/2", returnFinalTarget: false)?.Name is { } name
                && name.Contains($"[{stream.Split(':')[^1]}]", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
