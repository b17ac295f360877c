using NSec.Cryptography;

namespace Teal.Webhooks.Coded;

/// <summary>A public key that checks signatures (RFC 8032).</summary>
internal sealed class Ed25519Key
{
    private readonly PublicKey _key;

    private Ed25519Key(PublicKey key) => _key = key;

    /// <summary>Reads a key's 32 bytes; null: they are none.</summary>
    public static Ed25519Key? Read(ReadOnlySpan<byte> bytes) =>
        PublicKey.TryImport(SignatureAlgorithm.Ed25519, bytes, KeyBlobFormat.RawPublicKey, out var key) && key is not null
            ? new Ed25519Key(key) : null;

    /// <summary>Whether the 64 bytes of a signature are the key's.</summary>
    public bool HasSigned(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureAlgorithm.Ed25519.SignatureSize && SignatureAlgorithm.Ed25519.Verify(_key, data, signature);
}
