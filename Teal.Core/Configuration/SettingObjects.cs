namespace Teal.Core.Configuration;

/// <summary>Settings that are maps of objects, such as accounts by their names.</summary>
public static class SettingObjects
{
    /// <summary>Objects with these members. Members that are not known are faults, as a mistyped one would say nothing.</summary>
    /// <param name="members">What each may have.</param>
    /// <param name="apply">Puts them all into the options; returns what is wrong with them.</param>
    public static SettingType<TOptions> Objects<TOptions>(
        IReadOnlyList<SettingMember> members, Func<TOptions, IReadOnlyList<SettingObject>, IEnumerable<SettingFault>> apply)
    {
        return new((options, text) => FaultsOf(options, text) is [var fault, ..] ? fault.Text : null)
        {
            Members = members,
            ApplyObjects = FaultsOf,
        };

        IReadOnlyList<SettingFault> FaultsOf(TOptions options, string text)
        {
            var objects = Read(text);
            return [.. objects.SelectMany(Unknown), .. apply(options, objects)];
        }

        IEnumerable<SettingFault> Unknown(SettingObject one) =>
            from name in one.Members
            where !members.Any(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            select new SettingFault(
                $"{one.Name}:{name}", $"is not known; there are {string.Join(", ", members.Select(static member => member.Name))}");
    }

    // Entries «name:path=value», joined by NUL; the path is empty for an object that has nothing.
    private static SettingObject[] Read(string text)
    {
        var objects = new Dictionary<string, Dictionary<string, string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = entry.Split('=', 2) is [var first, var second] ? (first, second) : (entry, "");
            var (name, path) = key.Split(':', 2) is [var head, var tail] ? (head, tail) : (key, "");
            if (!objects.TryGetValue(name, out var values))
                objects.Add(name, values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase));
            if (path.Length > 0) values[path] = value;
        }

        return [.. objects.Select(static pair => new SettingObject(pair.Key, pair.Value))];
    }
}
