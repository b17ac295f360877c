namespace Teal.Core.Configuration;

/// <summary>
/// What values a setting takes: how a text is read, how a value is written, and what editors are told
/// (<c>docs/appsettings.schema.json</c>).
/// </summary>
/// <param name="Apply">Reads a value into the options; returns what is wrong with it, in words that follow «must» or «is», or null.</param>
/// <param name="Write">The value that options have, as a text that can be read; null: they have none until one is set.</param>
/// <param name="Form">What the value is in JSON; an entry's form where the setting is a list or a map.</param>
/// <param name="Pattern">What a text must match, a regular expression of ECMA-262; null: any text.</param>
/// <param name="Names">The names that a text must be one of; null: it is no name.</param>
/// <param name="Bounds">The least and the most that a number may be; null: it is no number.</param>
/// <param name="Range">The bounds in words that follow «must be»; null: there are none.</param>
/// <typeparam name="TOptions">The options that hold the value.</typeparam>
public sealed record SettingType<TOptions>(
    Func<TOptions, string, string?> Apply, Func<TOptions, string>? Write = null, SettingForm Form = SettingForm.Text,
    string? Pattern = null, IReadOnlyList<string>? Names = null, (long Least, long Most)? Bounds = null, string? Range = null)
{
    /// <summary>The members of each object where the value is a map of objects (<see cref="SettingObjects"/>); null: it is none.</summary>
    public IReadOnlyList<SettingMember>? Members { get; init; }

    /// <summary>Reads a map of objects into the options, and returns all that is wrong with it; null: the value is none.</summary>
    public Func<TOptions, string, IReadOnlyList<SettingFault>>? ApplyObjects { get; init; }

    /// <summary>Reads a value into the options, and returns all that is wrong with it.</summary>
    public IReadOnlyList<SettingFault> FaultsOf(TOptions options, string text) =>
        ApplyObjects is not null ? ApplyObjects(options, text) : Apply(options, text) is { } fault ? [new SettingFault("", fault)] : [];

    /// <summary>The same type for larger options, of which those are a part.</summary>
    public SettingType<TWhole> In<TWhole>(Func<TWhole, TOptions> part) => new(
        (whole, text) => Apply(part(whole), text), Write is null ? null : whole => Write(part(whole)), Form, Pattern, Names, Bounds, Range)
    {
        Members = Members,
        ApplyObjects = ApplyObjects is null ? null : (whole, text) => ApplyObjects(part(whole), text),
    };
}
