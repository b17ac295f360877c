using System.Globalization;

namespace Teal.Tests.Support;

/// <summary>A process, told apart from a later one of the same id by when it started, in clock ticks since boot.</summary>
internal sealed record ProcessIdentity(int Id, long Started)
{
    /// <summary>Whether it still runs. One that has ended, and whose parent has not asked for its exit code, does not.</summary>
    public bool IsAlive => Read(Id) is { State: not 'Z' } entry && entry.Identity == this;

    /// <summary>The process, what it started, and what that started, as they are now; nothing when it has ended.</summary>
    public static IReadOnlyList<ProcessIdentity> TreeOf(int id)
    {
        if (Read(id) is not { Identity.IsAlive: true } root) return [];

        var children = Directory.EnumerateDirectories("/proc")
            .Select(folder => Path.GetFileName(folder))
            .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var found) ? Read(found) : null)
            .OfType<Entry>().ToLookup(entry => entry.Parent, entry => entry.Identity);

        var tree = new List<ProcessIdentity> { root.Identity };
        for (var next = 0; next < tree.Count; next++) tree.AddRange(children[tree[next].Id]);
        return tree;
    }

    // proc_pid_stat(5): id (name) state parent …, where the name may hold blanks and parentheses; the 22nd field is the start.
    private static Entry? Read(int id)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{id}/stat");
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return new Entry(new ProcessIdentity(id, Number(fields[19])), fields[0][0], (int)Number(fields[1]));
        }
        catch (IOException)
        {
            return null; // It ended meanwhile.
        }
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    private sealed record Entry(ProcessIdentity Identity, char State, int Parent);
}
