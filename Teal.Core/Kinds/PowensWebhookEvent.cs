using Teal.Core.Events;
using Teal.Core.Wire;

namespace Teal.Core.Kinds;

/// <summary>A webhook of a Powens domain (specification 2.4).</summary>
/// <param name="Timestamp"><inheritdoc cref="TealEvent.Timestamp"/></param>
/// <param name="Domain">The full domain, <c>.biapi.pro</c> included.</param>
/// <param name="Name">The name of the event, such as <c>USER_CREATED</c>.</param>
/// <param name="HmacSignature">What a client needs to verify the sender; null: it did not sign.</param>
/// <param name="UserToken">The user-scoped token that came with it; null: there was none.</param>
/// <param name="Payload">The body, unaltered.</param>
public sealed record PowensWebhookEvent(
    DateTime Timestamp, string Domain, string Name, PowensHmacSignature? HmacSignature, string? UserToken, Utf8Text Payload)
    : TealEvent(Timestamp)
{
    /// <summary>What every domain ends in.</summary>
    public const string DomainSuffix = ".biapi.pro";

    /// <inheritdoc/>
    public override Topic Topic => new(EventKinds.PowensDomain, Domain);

    /// <inheritdoc/>
    public override int Size =>
        Payload.Bytes.Length + (2 * (Domain.Length + Name.Length + (UserToken?.Length ?? 0)
        + (HmacSignature is { } hmac ? hmac.Signature.Length + hmac.PayloadPrefix.Length + hmac.SignatureDate.Length : 0)));

    /// <summary>The full domain for one that is given with or without <see cref="DomainSuffix"/>.</summary>
    public static string FullDomain(string domain) =>
        domain.EndsWith(DomainSuffix, StringComparison.Ordinal) ? domain : domain + DomainSuffix;
}
