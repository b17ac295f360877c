namespace Teal.Core.Kinds;

/// <summary>
/// The signature of a webhook: <c>base64(HMAC-SHA256(secret, PayloadPrefix + payload))</c> (specification 2.4).
/// </summary>
/// <param name="Signature">The signature as it came, base64.</param>
/// <param name="PayloadPrefix">What was signed in front of the payload: <c>METHOD.PATH.DATE.</c>, each as it came.</param>
/// <param name="SignatureDate">The date as an instant with its offset, ISO 8601.</param>
public sealed record PowensHmacSignature(string Signature, string PayloadPrefix, string SignatureDate);
