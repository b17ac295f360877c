using System.Buffers;
using Teal.Webhooks.Catalogue;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Directory;

/// <summary>What a webhook must be, whoever makes it (specification 9.2).</summary>
internal static class WebhookForm
{
    /// <summary>How many secrets there may be, so that a check takes a bounded time.</summary>
    public const int MostSecrets = 10;

    private const int LongestSecret = 4096, LongestVerifyToken = 256, MostMethods = 10, LongestMethod = 20;

    private static readonly TimeSpan MostTolerance = TimeSpan.FromDays(1);

    private static readonly SearchValues<char> MethodCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ-");

    /// <summary>
    /// What is wrong with it, the first fault alone: the member by its name in the settings, and what it must be in words that follow that
    /// name. Null: nothing. No secret is repeated.
    /// </summary>
    public static (string Member, string Fault)? FaultOf(Webhook webhook) => FaultOf(webhook, WebhookSchemes.Find(webhook.Provider), out _);

    /// <summary>The same where the scheme is known.</summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="scheme">Its scheme; null: there is none of the provider's name.</param>
    /// <param name="verifier">What checks what comes to it; null: there is a fault.</param>
    public static (string Member, string Fault)? FaultOf(Webhook webhook, WebhookScheme? scheme, out WebhookVerifier? verifier)
    {
        verifier = null;
        if (!WebhookName.IsOne(webhook.Name)) return ("Name", $"must be {WebhookName.Form}");
        if (!WebhookName.IsPath(webhook.Address)) return ("Path", $"must be {WebhookName.PathForm}");
        if (scheme is null)
            return ("Provider", $"must be one of {string.Join(", ", WebhookSchemes.All.Select(static one => one.Name))}");
        if (webhook.Secrets.Count > MostSecrets) return ("Secrets", $"must be at most {MostSecrets}");
        if (webhook.Secrets.Any(static secret => secret.Length > LongestSecret))
            return ("Secrets", $"must have at most {LongestSecret} characters each");
        if (webhook.VerifyToken?.Length > LongestVerifyToken) return ("VerifyToken", $"must have at most {LongestVerifyToken} characters");
        if (webhook.Tolerance is { } tolerance && (tolerance <= TimeSpan.Zero || tolerance > MostTolerance))
            return ("Tolerance", "must be more than 0 seconds and at most a day");
        if (webhook.Methods.Count is 0 or > MostMethods || webhook.Methods.Any(static method => !IsMethod(method)))
            return ("Methods", $"must be 1 to {MostMethods} methods in upper case, such as POST");
        return scheme.TryCreate(webhook.Wish, out verifier, out var fault) ? null : ("Secrets", $"are not right: {fault}");
    }

    private static bool IsMethod(string text) =>
        text.Length is > 0 and <= LongestMethod && !text.AsSpan().ContainsAnyExcept(MethodCharacters);
}
