using System.CommandLine;
using Teal.Accounts.Hashing;

namespace Teal.Host.Commands;

/// <summary><c>teal hash</c>: the hash of a password for <c>Accounts:NAME:PasswordHash</c> (specification 8.2).</summary>
internal static class HashCommand
{
    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "How many rounds it takes",
        DefaultValueFactory = static _ => new HashingOptions().Rounds,
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("hash", "Reads a password from the terminal or standard input, and prints its hash for PasswordHash.")
        {
            Rounds,
        };
        command.SetAction(static result => Run(result.GetValue(Rounds)));
        return command;
    }

    private static int Run(int rounds)
    {
        if (rounds is < PasswordHash.LeastRounds or > PasswordHash.MostRounds)
            return Fail($"--rounds must be from {PasswordHash.LeastRounds} to {PasswordHash.MostRounds}.");
        if ((Terminal.ReadLine() ?? Terminal.ReadSecret("Password: ")) is not { Length: > 0 } password)
            return Fail("there is no password to hash.");

        StandardOutput.WriteLine(PasswordHash.Make(password, rounds).ToString());
        return ExitCode.Success;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"teal: {message}");
        return ExitCode.Usage;
    }
}
