namespace Teal.Core.Configuration;

/// <summary>What a value is in JSON. The program takes each of them as a text as well.</summary>
public enum SettingForm
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A number without a fraction.</summary>
    WholeNumber,

    /// <summary>A string, or a number without a fraction.</summary>
    TextOrWholeNumber,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    TrueOrFalse,
}
