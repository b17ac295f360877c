using System.Text;

namespace Teal.Host.Commands;

/// <summary>The terminal of whoever types a command.</summary>
internal static class Terminal
{
    // In characters; a longer one is none.
    private const int LongestSecret = 1024;

    /// <summary>Asks for a secret, and does not show it; null: there is no terminal, or it was given up.</summary>
    public static string? ReadSecret(string question)
    {
        if (Console.IsInputRedirected) return null;

        // From the first look for a key on, the terminal shows none: whoever is asked may be fast.
        _ = Console.KeyAvailable;
        Console.Error.Write(question);
        var secret = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter) break;
            if (key.Key == ConsoleKey.Backspace) secret.Length = Math.Max(0, secret.Length - 1);
            else if (key.KeyChar == '\u0004' && secret.Length == 0) return null;
            else if (!char.IsControl(key.KeyChar) && secret.Length < LongestSecret) secret.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return secret.ToString();
    }

    /// <summary>The first line of standard input, in UTF-8, where that is no terminal; null: it is one, or it has none.</summary>
    public static string? ReadLine()
    {
        if (!Console.IsInputRedirected) return null;

        using var input = OpenInput();
        return input.ReadLine();
    }

    /// <summary>All of standard input, in UTF-8, where that is no terminal; null: it is one.</summary>
    public static string? ReadAll()
    {
        if (!Console.IsInputRedirected) return null;

        using var input = OpenInput();
        return input.ReadToEnd();
    }

    private static StreamReader OpenInput() =>
        new(Console.OpenStandardInput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
}
