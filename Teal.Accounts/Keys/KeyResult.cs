using Teal.Accounts.Faults;

namespace Teal.Accounts.Keys;

/// <summary>What came of the wish for a key.</summary>
public abstract record KeyResult
{
    private KeyResult()
    {
    }

    /// <summary>It is made.</summary>
    /// <param name="Key">What is known of it.</param>
    /// <param name="Text">The key itself, to be shown this once.</param>
    public sealed record Made(ApiKey Key, string Text) : KeyResult
    {
        /// <summary>The id alone: the key has no place in a log.</summary>
        public override string ToString() => Key.Id;
    }

    /// <summary>It is not.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record Refused(AccountFault Fault) : KeyResult;
}
