using Teal.Webhooks.Hmac;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Directory;

/// <summary>Reads a scheme that an operator writes down: one that signs by HMAC (<see cref="HmacForm"/>).</summary>
internal static class OwnSchemeReader
{
    /// <summary>What such a scheme is called.</summary>
    public const string Name = "own";

    private static readonly string[] Known =
        ["Header", "Prefix", "Template", "Algorithm", "Encoding", "Secret", "Grammar", "SignatureMember", "Time", "TimeForm", "DeliveryId"];

    /// <summary>The member that is wrong, and what it must be in words that follow its name; null: nothing is wrong.</summary>
    public static (string Member, string Fault)? Read(IReadOnlyDictionary<string, string> members, out WebhookScheme? scheme)
    {
        scheme = null;
        if (members.Keys.FirstOrDefault(static key => !Known.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            return (unknown, $"is not known; there are {string.Join(", ", Known)}");
        if (members.GetValueOrDefault("Header") is not { } header || !HeaderName.IsOne(header))
            return ("Header", "must be the name of the header with the signature");
        if (!SignedTemplate.TryParse(members.GetValueOrDefault("Template") ?? "{body}", out var template, out var fault))
            return ("Template", fault);
        if (!TryChoose(members, "Algorithm", out HmacAlgorithm algorithm)) return Choices<HmacAlgorithm>("Algorithm");
        if (!TryChoose(members, "Encoding", out SignatureEncoding encoding)) return Choices<SignatureEncoding>("Encoding");
        if (!TryChoose(members, "Secret", out SecretEncoding secret)) return Choices<SecretEncoding>("Secret");
        if (!TryChoose(members, "Grammar", out SignatureGrammar grammar)) return Choices<SignatureGrammar>("Grammar");
        if (!TryChoose(members, "TimeForm", out TimeForm timeForm)) return Choices<TimeForm>("TimeForm");
        if (members.GetValueOrDefault("DeliveryId") is { } id && !HeaderName.IsOne(id))
            return ("DeliveryId", "must be the name of a header");

        var form = new HmacForm
        {
            Header = header,
            Prefix = members.GetValueOrDefault("Prefix") ?? "",
            Template = template,
            Algorithm = algorithm,
            Encoding = encoding,
            Secret = secret,
            Grammar = grammar,
            SignatureMember = members.GetValueOrDefault("SignatureMember") ?? "v1",
            Time = members.GetValueOrDefault("Time") is { } time ? new TimeSource(time, timeForm) : null,
            DeliveryId = members.GetValueOrDefault("DeliveryId"),
        };
        scheme = new HmacScheme(Name, form);
        return null;
    }

    private static bool TryChoose<T>(IReadOnlyDictionary<string, string> members, string name, out T value)
        where T : struct, Enum
    {
        value = default;
        return members.GetValueOrDefault(name) is not { } text
            || (Enum.TryParse(text, ignoreCase: true, out value) && Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase));
    }

    private static (string Member, string Fault) Choices<T>(string name)
        where T : struct, Enum => (name, $"must be {string.Join(" or ", Enum.GetNames<T>())}");
}
