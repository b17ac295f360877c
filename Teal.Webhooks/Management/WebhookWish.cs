using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Management;

/// <summary>What a webhook is to be (specification 9.2).</summary>
/// <param name="Name">What its team calls it.</param>
/// <param name="Provider">The name of the scheme by which its provider signs.</param>
public sealed record WebhookWish(string Name, string Provider)
{
    /// <summary>The provider's secrets, each in the form that the provider shows it. Default none.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <inheritdoc cref="SchemeWish.VerifyToken"/>
    public string? VerifyToken { get; init; }

    /// <inheritdoc cref="SchemeWish.Tolerance"/>
    public TimeSpan? Tolerance { get; init; }

    /// <summary>What is to stand behind <c>/hook/</c>, for administrators; null: what stands there, or 22 random characters.</summary>
    public string? Path { get; init; }

    /// <summary>Whether only what is signed comes in. Default true.</summary>
    public bool Enforces { get; init; } = true;

    /// <summary>Whether further segments may stand behind its address. Default false.</summary>
    public bool TakesSubpaths { get; init; }

    /// <summary>The methods that are taken; null: the usual ones.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary>Whether anything is taken. Default true.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The name alone: secrets have no place in a log.</summary>
    public override string ToString() => Name;
}
