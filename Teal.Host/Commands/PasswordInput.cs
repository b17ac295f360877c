using System.Text;

namespace Teal.Host.Commands;

/// <summary>
/// Reads a password where nobody sees it: from the terminal without showing it, or a line of the standard input. Arguments can be seen by
/// all users of the machine, and stay in the shell's history.
/// </summary>
internal static class PasswordInput
{
    /// <summary>The password; null: the input ended before there was one.</summary>
    public static string? Read()
    {
        if (Console.IsInputRedirected)
        {
            using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false, throwOnInvalidBytes: false));
            return input.ReadLine();
        }

        Console.Error.Write("Password: ");
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter) break;
            if (key.Key == ConsoleKey.Backspace) text.Length = Math.Max(0, text.Length - 1);
            else if (!char.IsControl(key.KeyChar)) text.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return text.ToString();
    }
}
