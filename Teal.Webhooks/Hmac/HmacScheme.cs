using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Hmac;

/// <summary>A scheme that is an <see cref="HmacForm"/>, and perhaps questions of its provider.</summary>
/// <param name="name">Its name.</param>
/// <param name="form">How it signs.</param>
/// <param name="question">What answers the questions of the provider; null: it asks none.</param>
public sealed class HmacScheme(string name, HmacForm form, IProviderQuestion? question = null) : WebhookScheme
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override bool NeedsVerifyToken => question?.NeedsVerifyToken ?? false;

    /// <inheritdoc/>
    public override string SecretMeaning => form.Secret switch
    {
        SecretEncoding.Base64 => "base64, as the provider shows it (whsec_…)",
        SecretEncoding.Hex => "hexadecimal digits, as the provider shows them",
        _ => "the secret that the provider shows or was given",
    };

    /// <inheritdoc/>
    protected override WebhookVerifier? Create(SchemeWish wish) =>
        ReadAll(wish.Secrets, secret => HmacKey.Read(secret, form.Secret)) is { } keys
            ? new HmacVerifier(form, keys, wish.Tolerance ?? form.Tolerance, question?.With(wish)) : null;
}
