using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Hmac;

/// <summary>How a provider signs that signs by HMAC. Presets are such forms, and so are those of the settings.</summary>
public sealed record HmacForm
{
    /// <summary>The header with the signature.</summary>
    public required string Header { get; init; }

    /// <summary>How signatures stand in it. Default: it is one.</summary>
    public SignatureGrammar Grammar { get; init; }

    /// <summary>What stands in front of a signature that is the whole header, such as <c>sha256=</c>. Default nothing.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>What the signatures are called among members and versions. Default <c>v1</c>.</summary>
    public string SignatureMember { get; init; } = "v1";

    /// <summary>What stands between members. Default a comma.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>Whether the header may be there more than once, as while a secret is changed.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>What is signed. Default the body.</summary>
    public SignedTemplate Template { get; init; } = SignedTemplate.Body;

    /// <summary>The hash. Default SHA-256.</summary>
    public HmacAlgorithm Algorithm { get; init; }

    /// <summary>How a signature is written. Default hexadecimal digits.</summary>
    public SignatureEncoding Encoding { get; init; }

    /// <summary>What of a secret is the key. Default its text.</summary>
    public SecretEncoding Secret { get; init; }

    /// <summary>Where the time stands; null: there is none.</summary>
    public TimeSource? Time { get; init; }

    /// <summary>How far the time may be away from now, in either direction. Default five minutes.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The header that numbers deliveries; null: there is none.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>What is answered once the event is kept. Default 204.</summary>
    public SchemeAnswer Accepted { get; init; } = SchemeAnswer.NoContent;
}
