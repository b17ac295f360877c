namespace Teal.Host.Configuration;

/// <summary>Something that is wrong with the configuration, for an operator.</summary>
/// <param name="Key">The key, with <c>Teal:</c>.</param>
/// <param name="Value">Its value; null: not set, or secret.</param>
/// <param name="Fault">What is wrong, beginning with «must» or «is».</param>
/// <param name="Example">A value that is right; null: there is no telling.</param>
internal sealed record ConfigurationFault(string Key, string? Value, string Fault, string? Example);
