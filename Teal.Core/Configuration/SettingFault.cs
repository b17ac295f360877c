namespace Teal.Core.Configuration;

/// <summary>What is wrong with a value.</summary>
/// <param name="Path">Where in a setting that has parts: <c>anna:Role</c>; empty: the whole.</param>
/// <param name="Text">The fault, in words that follow «must» or «is».</param>
/// <param name="Example">A value that is right; null: the setting's own example.</param>
public sealed record SettingFault(string Path, string Text, string? Example = null);
