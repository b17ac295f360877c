namespace Teal.Core.Configuration;

/// <summary>A member of each object in a setting that is a map of objects.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it does, in a few words.</param>
/// <param name="Example">A value that is right: a text, or an item of a list, or an entry of a map as <c>key=value</c>.</param>
/// <param name="Form">What the value is in JSON; an item's form where the member is a list or a map.</param>
public sealed record SettingMember(string Name, string Meaning, string Example, SettingForm Form = SettingForm.Text)
{
    /// <summary>Whether the value is a list: an array in JSON, or texts separated by commas.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether the value is a map of texts.</summary>
    public bool IsMap { get; init; }

    /// <summary>What a text must match, a regular expression of ECMA-262; null: any text.</summary>
    public string? Pattern { get; init; }
}
