using System.Diagnostics.CodeAnalysis;

namespace Teal.Webhooks.Schemes;

/// <summary>How a provider signs its webhooks.</summary>
public abstract class WebhookScheme
{
    /// <summary>Its name, in lower case with hyphens.</summary>
    public abstract string Name { get; }

    /// <summary>What one of its secrets is, for people: <c>the signing secret, such as whsec_…</c>; null: it has none.</summary>
    public virtual string? SecretMeaning => "the secret that the provider shows or was given";

    /// <summary>Whether it needs <see cref="SchemeWish.VerifyToken"/>.</summary>
    public virtual bool NeedsVerifyToken => false;

    /// <summary>Makes a check with these secrets; false: something is wrong with them, which <paramref name="fault"/> says.</summary>
    public bool TryCreate(
        SchemeWish wish, [NotNullWhen(true)] out WebhookVerifier? verifier, [NotNullWhen(false)] out string? fault)
    {
        verifier = null;
        fault = SecretMeaning is null
            ? wish.Secrets.Count > 0 ? $"{Name} has no secrets" : null
            : wish.Secrets.Count == 0 ? $"{Name} needs a secret: {SecretMeaning}"
            : wish.Secrets.Any(static secret => secret.Length == 0) ? "a secret is empty" : null;
        if (NeedsVerifyToken && string.IsNullOrEmpty(wish.VerifyToken))
            fault ??= $"{Name} needs a verify token, which it says when it asks";
        if (fault is not null) return false;

        verifier = Create(wish);
        if (verifier is null) fault = $"a secret is none of {Name}: it has to be {SecretMeaning}";
        return verifier is not null;
    }

    /// <summary>The same, for secrets that are there; null: one of them has another form.</summary>
    protected abstract WebhookVerifier? Create(SchemeWish wish);

    /// <summary>The keys that secrets are; null: one of them has another form.</summary>
    private protected static T[]? ReadAll<T>(IReadOnlyList<string> secrets, Func<string, T?> read)
        where T : class
    {
        var keys = secrets.Select(read).OfType<T>().ToArray();
        return keys.Length == secrets.Count ? keys : null;
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}
