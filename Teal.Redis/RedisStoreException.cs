using Teal.Core.Hosting;

namespace Teal.Redis;

/// <summary>
/// Redis did not do what it was asked to. It has no inner exception on purpose: the driver's messages can name the key, and so a
/// state, which is a secret.
/// </summary>
/// <param name="message">What went wrong, for an operator.</param>
/// <param name="code">The first word of Redis' own answer, such as <c>NOAUTH</c>; null: there was no answer.</param>
public sealed class RedisStoreException(string message, string? code = null) : StoreException(message)
{
    /// <summary>The first word of Redis' own answer; null: there was no answer.</summary>
    public string? Code { get; } = code;

    /// <summary>
    /// Whether it names what to put right: Redis' own word, or a certificate or password. False: only that there was no answer.
    /// </summary>
    public bool IsRefusal { get; init; } = code is not null;
}
