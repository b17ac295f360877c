using System.CommandLine;
using Teal.Core.Addresses;

namespace Teal.Host.Commands;

/// <summary><c>--dispatcher</c>: the address of a dispatcher.</summary>
internal static class DispatcherOption
{
    /// <summary>Where programs of this machine find the dispatcher.</summary>
    public const string Usual = "http://localhost:8081";

    private const string Name = "--dispatcher", Variable = "TEAL_DISPATCHER";

    /// <summary>The option, for commands that talk to a dispatcher whatever they are told.</summary>
    public static readonly Option<string> WithUsual =
        new(Name) { Description = $"The dispatcher's address (default: {Variable}, else {Usual})" };

    /// <summary>The option, for commands that can do without.</summary>
    public static readonly Option<string> Optional =
        new(Name) { Description = $"The address of a dispatcher, instead of the socket in the data folder (default: {Variable})" };

    /// <summary>Reads it.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="option">The option.</param>
    /// <param name="address">The address; null: there is none, or a fault.</param>
    /// <param name="fault">What is wrong, a sentence; null: nothing.</param>
    public static void Read(ParseResult result, Option<string> option, out Uri? address, out string? fault)
    {
        (address, fault) = (null, null);
        var text = result.GetValue(option) ?? Environment.GetEnvironmentVariable(Variable) ?? (option == WithUsual ? Usual : null);
        if (text is null) return;

        if (!HttpUrl.TryParse(text, out var url, out fault)) fault = $"{Name} {fault}; an example is {Usual}.";
        else if (url!.Host == "unix") fault = $"{Name} must be an http or https address; a Unix socket is for a proxy.";
        else if (url.HasUserInfo) fault = $"{Name} must not hold a user name or password; they have options of their own.";
        else address = new Uri(url.ToAscii());
    }
}
