using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Teal.Client;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Wire;
using Teal.Host.Configuration;

namespace Teal.Host.Commands;

/// <summary><c>teal bind</c>: creates a state, and shows the callbacks that arrive for it.</summary>
internal static class BindCommand
{
    // 128 bits (RFC 6749, section 10.10).
    private const int StateDigits = 32;

    private static readonly Option<string> FinalRedirectUrl = new("--final-redirect-url")
    {
        Description = "Where the end user's browser is sent after the callback (default: nowhere)",
    };

    private static readonly Option<string> State = new("--state") { Description = "The state (default: a random one)" };

    private static readonly Option<bool> WithFragment = new("--with-fragment")
    {
        Description = "The parameters come in the URL's fragment, as with response_mode=fragment",
    };

    private static readonly Option<string> ExpiresIn = new("--expires-in")
    {
        Description = "How long the state lives, such as 10min or 7d",
        DefaultValueFactory = static _ => "7d",
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("bind", "Creates a state, and shows the callbacks that arrive for it.")
        {
            FinalRedirectUrl, State, WithFragment, ExpiresIn,
        };
        ClientOptions.AddTo(command);
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    private static Task<int> RunAsync(ParseResult result)
    {
        var url = result.GetValue(FinalRedirectUrl);
        if (url is not null && !HttpUrl.TryParse(url, out _, out var fault))
            return ClientOptions.FailAsync($"--final-redirect-url {fault}.");
        if (!SettingQuantities.TryDuration(result.GetRequiredValue(ExpiresIn), out var lifetime))
            return ClientOptions.FailAsync("--expires-in must be a duration such as 30s, 10min, 12h or 7d.");
        if (result.GetValue(State) is "") return ClientOptions.FailAsync("--state must not be empty.");

        var state = result.GetValue(State) ?? RandomNumberGenerator.GetHexString(StateDigits, lowercase: true);
        var expiresAt = TimeProvider.System.GetUtcNow() + lifetime;
        var binding = new CallbackBinding(state, expiresAt) { FinalRedirectUrl = url, WithFragment = result.GetValue(WithFragment) };
        return ClientOptions.RunAsync(
            result,
            (client, from, cancellationToken) => client.BindAsync(binding, from, cancellationToken),
            Introduce(binding),
            IntroduceAsJson(binding));
    }

    private static Func<Installation, string> Introduce(CallbackBinding binding) => installation => $"""
        The following state has been bound with the provided parameters:

        * Redirect URL: {EventText.Printable(installation.CallbackUrl)}
        * Error URL: {EventText.Printable(installation.ErrbackUrl)}
        * State: {EventText.Printable(binding.State)}
        """;

    private static Func<Installation, string> IntroduceAsJson(CallbackBinding binding) => installation =>
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("type", "ready");
            json.WriteString("callback_url", installation.CallbackUrl);
            json.WriteString("errback_url", installation.ErrbackUrl);
            json.WriteString("state", binding.State);
            json.WriteString("expires_at", WireTimestamp.Format(binding.ExpiresAt.UtcDateTime));
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    };
}
