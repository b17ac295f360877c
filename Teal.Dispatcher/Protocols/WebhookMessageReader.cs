using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Teal.Dispatcher.Commands;
using Teal.Webhooks.Management;

namespace Teal.Dispatcher.Protocols;

/// <summary>Reads the <c>create</c> of a webhook (specification 9.2). What it must be is for <see cref="WebhookService"/> to say.</summary>
internal static class WebhookMessageReader
{
    private static readonly string[] Members =
    [
        "type", "name", "provider", "secrets", "verify_token", "tolerance", "path", "enforce", "subpaths", "methods", "enabled",
    ];

    /// <summary>
    /// Reads it. Throws <see cref="InvalidOperationException"/> for a string with a lone surrogate, as the JSON reader does.
    /// </summary>
    public static bool TryRead(
        JsonElement create, [NotNullWhen(true)] out Command.Creation? creation, [NotNullWhen(false)] out CommandFault? fault)
    {
        creation = null;
        fault = TealV2MessageReader.Unknown(create, Members);
        if (fault is not null) return false;

        var (enforce, subpaths, enabled) = (true, false, true);
        TimeSpan? tolerance = null;
        if (!ClientMessageReader.TryGetText(create, "name", out var name)) fault = Invalid("name", "must be a string");
        else if (!ClientMessageReader.TryGetText(create, "provider", out var provider)) fault = Invalid("provider", "must be a string");
        else if (!TryReadTexts(create, "secrets", out var secrets)) fault = Invalid("secrets", "must be a list of strings");
        else if (!TryReadTexts(create, "methods", out var methods)) fault = Invalid("methods", "must be a list of strings");
        else if (!TryReadText(create, "verify_token", out var verifyToken)) fault = Invalid("verify_token", "must be a string");
        else if (!TryReadText(create, "path", out var path)) fault = Invalid("path", "must be a string");
        else if (!TryReadFlag(create, "enforce", ref enforce)) fault = Invalid("enforce", "must be true or false");
        else if (!TryReadFlag(create, "subpaths", ref subpaths)) fault = Invalid("subpaths", "must be true or false");
        else if (!TryReadFlag(create, "enabled", ref enabled)) fault = Invalid("enabled", "must be true or false");
        else if (!TryReadSeconds(create, "tolerance", ref tolerance)) fault = Invalid("tolerance", "must be a number of seconds");
        else
        {
            creation = new Command.CreateWebhook(new WebhookWish(name, provider)
            {
                Secrets = secrets ?? [],
                VerifyToken = verifyToken,
                Tolerance = tolerance,
                Path = path,
                Enforces = enforce,
                TakesSubpaths = subpaths,
                Methods = methods,
                IsEnabled = enabled,
            });
        }

        return creation is not null;
    }

    private static bool TryReadText(JsonElement part, string name, out string? text)
    {
        text = null;
        if (!ClientMessageReader.TryGetPart(part, name, out var member)) return true;

        text = member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        return text is not null;
    }

    private static bool TryReadTexts(JsonElement part, string name, out IReadOnlyList<string>? texts)
    {
        texts = null;
        if (!ClientMessageReader.TryGetPart(part, name, out var list)) return true;
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(static item => item.ValueKind != JsonValueKind.String))
            return false;

        texts = [.. list.EnumerateArray().Select(static item => item.GetString()!)];
        return true;
    }

    private static bool TryReadFlag(JsonElement part, string name, ref bool flag)
    {
        if (!ClientMessageReader.TryGetPart(part, name, out var member)) return true;

        flag = member.ValueKind == JsonValueKind.True;
        return member.ValueKind is JsonValueKind.True or JsonValueKind.False;
    }

    private static bool TryReadSeconds(JsonElement part, string name, ref TimeSpan? span)
    {
        if (!ClientMessageReader.TryGetPart(part, name, out var member)) return true;
        if (member.ValueKind != JsonValueKind.Number || !member.TryGetDouble(out var seconds) || seconds is < 0 or > 1e6) return false;

        span = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static CommandFault Invalid(string member, string fault) =>
        new(CommandFaultCode.InvalidMessage, $"create of a webhook: {member} {fault}.");
}
