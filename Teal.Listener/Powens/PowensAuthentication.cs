using System.Text;
using Microsoft.AspNetCore.Http;
using Teal.Core.Kinds;

namespace Teal.Listener.Powens;

/// <summary>What a webhook's headers say of its sender: a signature, a user's token, or both (specification 2.4).</summary>
/// <param name="Signature">The signature and what was signed; null: there is none.</param>
/// <param name="UserToken">The user-scoped token; null: there is none.</param>
internal sealed record PowensAuthentication(PowensHmacSignature? Signature, string? UserToken)
{
    /// <summary>Reads the headers, in the order in which the original does; of the two results one is null.</summary>
    public static (PowensAuthentication? Authentication, string? Fault) Read(HttpRequest request, string publicPath)
    {
        var (signature, signatureFault) = ReadSignature(request, publicPath);
        if (signatureFault is not null) return (null, signatureFault);

        var (token, tokenFault) = ReadToken(request);
        if (tokenFault is not null) return (null, tokenFault);
        if (signature is null && token is null)
            return (null, "Webhook misconfiguration: user-scoped token or HMAC authentication required.");

        return (new PowensAuthentication(signature, token), null);
    }

    private static (PowensHmacSignature? Signature, string? Fault) ReadSignature(HttpRequest request, string publicPath)
    {
        var signatures = request.Headers["BI-Signature"];
        if (signatures.Count == 0) return (null, null);

        var signature = signatures[0] ?? "";
        var dates = request.Headers["BI-Signature-Date"];
        if (dates.Count == 0) return (null, "Missing signature date");
        if (!Convert.TryFromBase64String(signature, new byte[signature.Length], out _)) return (null, "Signature is not valid base64");

        var date = dates[0] ?? "";
        return SignatureDate.TryParse(date, out var instant, out var fault)
            ? (new PowensHmacSignature(signature, $"{request.Method}.{publicPath}.{date}.", instant), null) : (null, fault);
    }

    private static (string? Token, string? Fault) ReadToken(HttpRequest request)
    {
        var headers = request.Headers.Authorization;
        if (headers.Count == 0) return (null, null);

        var parts = (headers[0] ?? "").Split(' ', 2);
        if (!parts[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return (null, $"Unhandled authorization type '{Printable(parts[0])}'");
        return parts.Length == 2 && parts[1].TrimStart(' ') is { Length: > 0 } token ? (token, null) : (null, "Missing user-scoped token");
    }

    // A scheme is a token (RFC 9110 section 11.1); what is none is not repeated.
    private static string Printable(string scheme) => Ascii.IsValid(scheme) && scheme.Length <= 64 ? scheme : "?";
}
