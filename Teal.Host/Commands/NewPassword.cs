using System.CommandLine;
using System.Security.Cryptography;

namespace Teal.Host.Commands;

/// <summary>
/// The password that a command is to set: read from the terminal or standard input, or made. Never an argument, which all users of the
/// machine can see.
/// </summary>
internal static class NewPassword
{
    // In bytes; hexadecimal digits are twice as many.
    private const int MadeLength = 24;

    /// <summary><c>--generate</c>.</summary>
    public static readonly Option<bool> Generate = new("--generate") { Description = "Make a password, and show it this once" };

    /// <summary><c>--no-password</c>.</summary>
    public static readonly Option<bool> None =
        new("--no-password") { Description = "Have it without a password: it comes in with keys, or not at all" };

    /// <summary>Reads it; false: there is none, and the complaint says what to do.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="password">The password; null: the account is to have none.</param>
    /// <param name="complaint">What is wrong.</param>
    public static bool TryRead(ParseResult result, out string? password, out string complaint)
    {
        complaint = "--generate and --no-password exclude each other.";
        var (isMade, isNone) = (result.GetValue(Generate), result.GetValue(None));
        password = isMade ? RandomNumberGenerator.GetHexString(2 * MadeLength, lowercase: true) : null;
        if (isMade && isNone) return false;
        if (isMade || isNone) return true;

        password = Terminal.ReadLine() ?? Terminal.ReadSecret("New password: ");
        complaint = "no password was given: type one, give one on standard input, or use --generate or --no-password.";
        if (string.IsNullOrEmpty(password)) return false;

        complaint = "the two passwords are not the same.";
        return Console.IsInputRedirected || Terminal.ReadSecret("New password, again: ") == password;
    }

    /// <summary>What a command prints that set it: the password on standard output, where it was made, and the rest beside.</summary>
    public static string Show(ParseResult result, string? password, string sentence)
    {
        if (!result.GetValue(Generate)) return sentence;

        Console.Error.WriteLine($"{sentence} Its password is shown this once:");
        return password!;
    }
}
