using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Teal.Webhooks.Bodies;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Coded;

/// <summary>
/// TrueLayer: a detached signature (RFC 7515 appendix F, ES512) over method, path, the headers that it names and the body. Its public keys
/// are given; the address of keys that it brings is never asked.
/// </summary>
internal sealed class TrueLayerScheme : WebhookScheme
{
    private const string Header = "Tl-Signature";

    public override string Name => "truelayer";

    public override string SecretMeaning => "a public key, PEM (-----BEGIN PUBLIC KEY-----)";

    protected override WebhookVerifier? Create(SchemeWish wish) =>
        ReadAll(wish.Secrets, Read) is { } keys ? new Verifier(keys) : null;

    private static ECDsa? Read(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.KeySize == 521) return key;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            // Another kind of key, several, or none.
        }

        key.Dispose();
        return null;
    }

    private sealed class Verifier(ECDsa[] keys) : WebhookVerifier
    {
        private const int LongestHeader = 4096, LongestSignature = 176;

        public override Verdict Verify(WebhookRequest request, DateTimeOffset now)
        {
            if (request.Header(Header) is not { } text) return VerdictReason.Missing;
            if (text.Length > LongestHeader || text.Split('.') is not [var head, "", { Length: <= LongestSignature } signature]
                || ReadHead(head) is not { } signedHeaders || Decode(signature) is not { Length: 132 } bytes)
                return VerdictReason.Malformed;
            if (Compose(request, signedHeaders) is not { } payload) return VerdictReason.Missing;

            var signed = Encoding.ASCII.GetBytes($"{head}.{Base64Url.EncodeToString(payload)}");
            return Verdict.OfSecrets(keys, key =>
            {
                // One key computes for one thread at a time.
                lock (key) return key.VerifyData(signed, bytes, HashAlgorithmName.SHA512);
            });
        }

        // The names of the headers that are signed; null: it is signed in another way.
        private static string[]? ReadHead(string text)
        {
            if (Decode(text) is not { } bytes || JsonBody.Read(bytes) is not { } head || JsonBody.Text(head, "alg") != "ES512"
                || JsonBody.Text(head, "tl_version") != "2" || head.TryGetProperty("crit", out _))
                return null;

            var names = (JsonBody.Text(head, "tl_headers") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
            return names.Length <= 32 ? names : null;
        }

        private static byte[]? Compose(WebhookRequest request, string[] names)
        {
            var text = new StringBuilder($"{request.Method} {request.Path}\n");
            foreach (var name in names)
            {
                if (request.Header(name) is not { } value) return null;
                text.Append(name).Append(": ").Append(value).Append('\n');
            }

            return SignedText.Join(text.ToString(), request.Body.Span);
        }

        private static byte[]? Decode(string text)
        {
            try
            {
                return Base64Url.DecodeFromChars(text);
            }
            catch (FormatException)
            {
                return null;
            }
        }
    }
}
