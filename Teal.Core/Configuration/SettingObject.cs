using System.Globalization;

namespace Teal.Core.Configuration;

/// <summary>An object of a setting that is a map of objects, as it is written.</summary>
/// <param name="name">Its name in the map.</param>
/// <param name="values">Its values, by their paths below that name, in any case.</param>
public sealed class SettingObject(string name, IReadOnlyDictionary<string, string> values)
{
    /// <summary>Its name in the map.</summary>
    public string Name => name;

    /// <summary>The names of the members that it has.</summary>
    public IEnumerable<string> Members =>
        values.Keys.Select(static path => path.Split(':')[0]).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it has that member.</summary>
    public bool Has(string member) => Members.Contains(member, StringComparer.OrdinalIgnoreCase);

    /// <summary>A member that is a text; null: it is not there, or is no text.</summary>
    public string? Text(string member) => values.GetValueOrDefault(member);

    /// <summary>A member that is a list: its items, or those of a text, which commas separate. Empty: it is not there.</summary>
    public IReadOnlyList<string> List(string member) =>
        Text(member) is { } text ? SettingTexts.Items(text)
        : [.. Below(member).OrderBy(static item => IndexOf(item.Key)).Select(static item => item.Value)];

    /// <summary>A member that is a map of texts. Empty: it is not there.</summary>
    public IReadOnlyDictionary<string, string> Map(string member) =>
        new Dictionary<string, string>(Below(member), StringComparer.OrdinalIgnoreCase);

    private IEnumerable<KeyValuePair<string, string>> Below(string member) =>
        from value in values
        where value.Key.StartsWith(member + ':', StringComparison.OrdinalIgnoreCase)
        select KeyValuePair.Create(value.Key[(member.Length + 1)..], value.Value);

    private static int IndexOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : int.MaxValue;
}
