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

    /// <summary>How it signs.</summary>
    public HmacForm Form => form;

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
    protected override WebhookVerifier? Create(SchemeWish wish, out string? fault)
    {
        fault = null;
        var keys = wish.Secrets.Select(secret => HmacKey.Read(secret, form.Secret)).ToArray();
        return Array.Exists(keys, static key => key is null)
            ? null : new HmacVerifier(form, keys!, wish.Tolerance ?? form.Tolerance, question?.With(wish));
    }
}
