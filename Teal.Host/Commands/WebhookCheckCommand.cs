using System.CommandLine;
using Teal.Webhooks.Catalogue;
using Teal.Webhooks.Directory;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Host.Commands;

/// <summary><c>teal webhook sign</c> and <c>teal webhook verify</c>: what a provider's signature is, without any server.</summary>
internal static class WebhookCheckCommand
{
    private static readonly Option<string> Provider =
        new("--provider") { Description = "Who signs, such as github or stripe", Required = true };

    private static readonly Option<string> SecretFile =
        new("--secret-file") { Description = "A file with a secret in each line, or PEM texts", Required = true };

    private static readonly Option<string[]> Header =
        new("--header", "-H") { Description = "A header of the request ('K: V'); may be given several times" };

    private static readonly Option<string> Method = new("--method")
    {
        Description = "The method of the request (default: POST)",
        DefaultValueFactory = static _ => "POST",
    };

    private static readonly Option<string> Url = new("--url")
    {
        Description = "The whole address of the request, which some providers sign",
        DefaultValueFactory = static _ => "http://localhost/",
    };

    /// <summary>Prints the headers that sign a body.</summary>
    public static Command CreateSign()
    {
        var command = new Command("sign", "Prints the headers that sign the body on standard input.")
        {
            Provider, SecretFile, Header, Method, Url,
        };
        command.SetAction((result, _) => Run(result, static (verifier, request) =>
        {
            if (verifier.Sign(request, TimeProvider.System.GetUtcNow()) is not { } headers)
                return Fail(ExitCode.Failure, "only the provider can sign so, or the request lacks a header that is signed.");

            foreach (var (name, value) in headers) StandardOutput.WriteLine($"{name}: {value}");
            return ExitCode.Success;
        }));
        return command;
    }

    /// <summary>Says whether a request is signed.</summary>
    public static Command CreateVerify()
    {
        var command = new Command(
            "verify", "Says whether the body on standard input is signed: exit code 0, and which of the secrets did; else 1, and why not.")
        {
            Provider, SecretFile, Header, Method, Url,
        };
        command.SetAction((result, _) => Run(result, static (verifier, request) =>
        {
            var verdict = verifier.Verify(request, TimeProvider.System.GetUtcNow());
            StandardOutput.WriteLine(verdict.IsVerified ? $"verified by secret {verdict.Secret}" : WordsFor(verdict.Reason));
            return verdict.IsVerified ? ExitCode.Success : ExitCode.Failure;
        }));
        return command;
    }

    private static string WordsFor(VerdictReason reason) => reason switch
    {
        VerdictReason.Missing => "missing: there is no signature, or another header that it needs",
        VerdictReason.Malformed => "malformed: the signature or its time is written in another way than the provider says",
        VerdictReason.Stale => "stale: its time is too far away from now",
        _ => "wrong: none of the secrets signed it",
    };

    private static Task<int> Run(ParseResult result, Func<WebhookVerifier, WebhookRequest, int> run)
    {
        if (WebhookSchemes.Find(result.GetRequiredValue(Provider)) is not { } scheme)
        {
            var names = string.Join(", ", WebhookSchemes.All.Select(static one => one.Name));
            return Task.FromResult(Fail(ExitCode.Usage, $"--provider must be one of {names}."));
        }

        var headers = new List<KeyValuePair<string, string>>();
        foreach (var header in result.GetValue(Header) ?? [])
        {
            if (header.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon))
                return Task.FromResult(Fail(ExitCode.Usage, "--header must be 'NAME: VALUE'."));
            headers.Add(new(header[..colon].Trim(), header[(colon + 1)..].Trim()));
        }

        if (!TryReadSecrets(result.GetRequiredValue(SecretFile), out var secrets, out var fault)
            || !scheme.TryCreate(new SchemeWish(secrets), out var verifier, out fault))
            return Task.FromResult(Fail(ExitCode.InvalidInput, $"{fault}."));

        return Task.FromResult(run(verifier, new WebhookRequest
        {
            Method = result.GetRequiredValue(Method),
            Url = result.GetRequiredValue(Url),
            Headers = headers,
            Body = ReadBody(),
        }));
    }

    private static bool TryReadSecrets(string path, out IReadOnlyList<string> secrets, out string? fault)
    {
        (secrets, fault) = ([], null);
        try
        {
            secrets = SecretLines.Split(File.ReadAllText(path));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            fault = $"the secrets cannot be read: {exception.Message.TrimEnd('.')}";
            return false;
        }
    }

    private static byte[] ReadBody()
    {
        using var input = Console.OpenStandardInput();
        using var body = new MemoryStream();
        input.CopyTo(body);
        return body.ToArray();
    }

    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine($"teal: {message}");
        return exitCode;
    }
}
