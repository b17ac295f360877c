using System.Diagnostics.CodeAnalysis;
using Teal.Accounts.Secrets;

namespace Teal.Accounts.Keys;

/// <summary>
/// An API key as its owner has it (specification 8.3): <c>teal_ID_SECRET_CHECK</c>, of 8, 43 and 6 characters. The secret has 256 random
/// bits.
/// </summary>
internal sealed class KeyText
{
    /// <summary>How long a key's id is, in characters.</summary>
    public const int IdLength = 8;

    private static readonly SecretForm Form = new("teal", IdLength, SecretForm.SecretLength);

    private KeyText(string text) => (Text, Id) = (text, Form.PartOf(text, 0));

    /// <summary>The whole key.</summary>
    public string Text { get; }

    /// <summary>What the key is called. It is no secret.</summary>
    public string Id { get; }

    /// <summary>A new key.</summary>
    public static KeyText Make() => new(Form.Make());

    /// <summary>Reads a key. False: it is none, or was mistyped.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out KeyText? key)
    {
        key = Form.IsWhole(text) ? new KeyText(text) : null;
        return key is not null;
    }

    /// <summary>Whether somebody who gives this text as a password means a key, perhaps one that was cut or mistyped.</summary>
    public static bool IsMeant(string text) => Form.IsMeant(text);

    /// <summary>The id alone: the key has no place in a log.</summary>
    public override string ToString() => Id;
}
