namespace Teal.Core.Configuration;

/// <summary>Settings whose value is a text or one of a few names.</summary>
public static class SettingTexts
{
    // Stands for what is no UTF-8, whatever it was.
    private const char Undecodable = '\uFFFD';

    /// <summary>A text as it is.</summary>
    public static SettingType<TOptions> Text<TOptions>(Action<TOptions, string> set) => new((options, text) =>
    {
        set(options, text);
        return null;
    });

    /// <summary>A password: a text without control characters, which HTTP's own form of it cannot have (RFC 7617 2).</summary>
    public static SettingType<TOptions> Password<TOptions>(Action<TOptions, string> set) => new((options, text) =>
    {
        if (PasswordFault(text) is { } fault) return fault;

        set(options, text);
        return null;
    });

    /// <summary>What is wrong with a password or a secret; null: nothing.</summary>
    public static string? PasswordFault(string text) =>
        text.EndsWith('\n') || text.EndsWith('\r') ? "must not end in a line break, as a file's last line does: take it away"
        : text.Any(char.IsControl) ? "must not have control characters"
        : text.Contains(Undecodable) ? "must be UTF-8, as the file or the variable that it stands in" : null;

    /// <summary>The path of a folder, absolute or below the working folder.</summary>
    public static SettingType<TOptions> Folder<TOptions>(
        Func<TOptions, string> get, Action<TOptions, string> set) => new((options, text) =>
    {
        if (string.IsNullOrWhiteSpace(text)) return "must not be empty";

        set(options, text);
        return null;
    }, get);

    /// <summary>One of the names of an enumeration, in any case; empty: not set.</summary>
    public static SettingType<TOptions> Choice<TOptions, T>(
        Func<TOptions, T?> get, Action<TOptions, T> set) where T : struct, Enum => new((options, text) =>
    {
        if (text.Length == 0) return null;
        var name = Array.Find(Enum.GetNames<T>(), name => name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));
        if (name is null) return $"must be {string.Join(" or ", Enum.GetNames<T>())}";

        set(options, Enum.Parse<T>(name));
        return null;
    }, options => get(options)?.ToString() ?? "", Names: Enum.GetNames<T>());

    /// <summary><c>true</c> or <c>false</c>; the original's <c>1</c>, <c>yes</c>, <c>on</c> and their opposites are taken too.</summary>
    public static SettingType<TOptions> Boolean<TOptions>(Func<TOptions, bool> get, Action<TOptions, bool> set) => new((options, text) =>
    {
        bool? value = text.ToUpperInvariant() switch
        {
            "TRUE" or "1" or "YES" or "ON" => true,
            "FALSE" or "0" or "NO" or "OFF" => false,
            _ => null,
        };
        if (value is null) return "must be true or false";

        set(options, value.Value);
        return null;
    }, options => get(options) ? "true" : "false", SettingForm.TrueOrFalse);

    /// <summary>The items of a list, without the space around them and without empty ones.</summary>
    public static string[] Items(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
