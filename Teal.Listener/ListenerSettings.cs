using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Kinds;

using static Teal.Core.Configuration.SettingAddresses;
using static Teal.Core.Configuration.SettingQuantities;
using static Teal.Core.Configuration.SettingTexts;

namespace Teal.Listener;

/// <summary>The settings of <see cref="ListenerOptions"/>, under <c>Teal:Listener</c>; one of them is under <c>Teal:Http</c>.</summary>
public static class ListenerSettings
{
    /// <summary>Those under <c>Teal:Listener</c>, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<ListenerOptions>> All =
    [
        new("Listener:PublicUrl", "https://teal.example.org", "the listener as the outside sees it; a path prefix is allowed",
            Public<ListenerOptions>((o, v) => o.PublicUrl = v)) { Aliases = ["LISTENER_URL"] },
        new("Listener:PowensRedirectFallback", "true",
            "whether states that are not stored may say themselves where they lead; see docs/powens.md",
            Boolean<ListenerOptions>(o => o.PowensRedirectFallback, (o, v) => o.PowensRedirectFallback = v))
        {
            Aliases = ["POWENS_REDIRECT_FALLBACK"],
        },
        new("Listener:PowensRedirectHosts", "*.biapi.pro,localhost", "the hosts that such states may lead to; empty: any",
            Hosts()) { IsList = true },
        new("Listener:PowensSecrets", "budgea=the domain's secret",
            "HMAC secrets by domain; such a domain's webhooks need a valid signature",
            Secrets()) { IsMap = true, IsSecret = true, IsLive = true },
        new("Listener:MaximumBodySize", "1 MiB", "the largest request body; over it: 413",
            Size<ListenerOptions>(1, int.MaxValue, o => o.MaximumBodySize, (o, v) => o.MaximumBodySize = v)),
        new("Listener:MaximumCibaBodySize", "64 KiB", "the largest body of an OpenID CIBA notification; over it: 413",
            Size<ListenerOptions>(1, int.MaxValue, o => o.MaximumCibaBodySize, (o, v) => o.MaximumCibaBodySize = v)),
        new("Listener:OpenIdCiba:OnlyCreated", "true",
            "whether OpenID CIBA notifications are taken only where a client said beforehand that it waits for them; see docs/ciba.md",
            Boolean<ListenerOptions>(o => o.TakesOnlyCreatedCibaRequests, (o, v) => o.TakesOnlyCreatedCibaRequests = v)),
        new("Listener:MaximumFormSize", "64 KiB", "the largest form that is posted to `/callback` or `/errback`; over it: 413",
            Size<ListenerOptions>(1, int.MaxValue, o => o.MaximumFormSize, (o, v) => o.MaximumFormSize = v)),
        new("Listener:BodyBudget", "64 MiB",
            "how much memory all request bodies under way may take together, until their requests are answered; those that take " +
            "most get a 503",
            Size<ListenerOptions>(1, int.MaxValue, o => o.BodyBudget, (o, v) => o.BodyBudget = v)),
        new("Listener:RetryAfter", "5 s", "what a 503 tells its sender to wait",
            Duration<ListenerOptions>(Second, Day, o => o.RetryAfter, (o, v) => o.RetryAfter = v)),
    ];

    /// <summary><c>Http:BodyTimeout</c>.</summary>
    public static readonly Setting<ListenerOptions> BodyTimeout =
        new("Http:BodyTimeout", "30 s", "how long a request's body may take as a whole; over it: 408",
            Duration<ListenerOptions>(Second, Day, o => o.BodyTimeout, (o, v) => o.BodyTimeout = v));

    // Host names, possibly with «*.» in front, separated by commas.
    private static SettingType<ListenerOptions> Hosts() => new((options, text) =>
    {
        var patterns = Items(text).Select(HostPattern.Parse).ToArray();
        if (Array.Exists(patterns, static pattern => pattern is null))
            return "must be host names such as example.org or *.example.org, separated by commas";

        options.PowensRedirectHosts = patterns!;
        return null;
    });

    // Powens domains, with or without their suffix, and a secret for each.
    private static SettingType<ListenerOptions> Secrets() => new((options, text) =>
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split('=', 2) is not [{ Length: > 0 } domain, { Length: > 0 } secret])
                return "must have a domain and a secret for each entry";
            if (PasswordFault(secret) is { } fault) return fault;

            secrets[PowensWebhookEvent.FullDomain(domain)] = secret;
        }

        options.PowensSecrets = secrets;
        return null;
    }, Pattern: ".");
}
