using System.CommandLine;
using Teal.Core.Addresses;
using Teal.Listener.Callbacks.Freestanding;

namespace Teal.Host.Commands;

/// <summary><c>teal state encode</c> and <c>teal state decode</c>: freestanding states (specification 2.2).</summary>
internal static class StateCommand
{
    private enum Format
    {
        Packed,
        Base64,
    }

    /// <summary>The command.</summary>
    public static Command Create() =>
        new("state", "Writes and reads freestanding states, which say themselves where they lead.") { Encode(), Decode() };

    private static Command Encode()
    {
        var url = new Option<string>("--redirect-url") { Description = "Where the state leads", Required = true };
        var state = new Option<string>("--state") { Description = "The state parameter of that URL (default: none)" };
        var withFragment = new Option<bool>("--with-fragment") { Description = "The parameters come in the fragment (packed states only)" };
        var format = new Option<Format?>("--format") { Description = "packed or base64 (default: packed where that can say it)" };
        var command = new Command("encode", "Writes a freestanding state.") { url, state, withFragment, format };
        command.SetAction(
            result => Encode(result.GetRequiredValue(url), result.GetValue(state), result.GetValue(withFragment), result.GetValue(format)));
        return command;
    }

    private static Command Decode()
    {
        var state = new Argument<string>("state") { Description = "The state" };
        var command = new Command("decode", "Reads a freestanding state.") { state };
        command.SetAction(result => Decode(result.GetRequiredValue(state)));
        return command;
    }

    private static int Encode(string text, string? state, bool withFragment, Format? format)
    {
        if (!HttpUrl.TryParse(text, out var url, out var fault)) return Fail($"--redirect-url {fault}.");

        var packed = format == Format.Base64 ? null : PackedState.Encode(url!, state, withFragment);
        if (packed is null && format == Format.Packed) return Fail("a packed state cannot say this; base64 can.");
        if (packed is null && withFragment) return Fail("a base64 state cannot say --with-fragment.");

        StandardOutput.WriteLine(packed ?? Base64JsonState.Encode(url!, state));
        return ExitCode.Success;
    }

    private static int Decode(string text)
    {
        if (FreestandingState.Decode(text) is not { } state)
        {
            Console.Error.WriteLine("teal: this is no freestanding state.");
            return ExitCode.Failure;
        }

        StandardOutput.WriteLine($"Redirect URL: {EventText.Printable(state.RedirectUrl.Text)}");
        StandardOutput.WriteLine($"State: {(state.State is null ? "(none)" : EventText.Printable(state.State))}");
        StandardOutput.WriteLine($"With fragment: {(state.WithFragment ? "yes" : "no")}");
        return ExitCode.Success;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"teal: {message}");
        return ExitCode.Usage;
    }
}
