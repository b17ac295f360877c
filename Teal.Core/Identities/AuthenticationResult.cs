namespace Teal.Core.Identities;

/// <summary>What the door says to a credential. Each transport has one answer for each of these.</summary>
public abstract record AuthenticationResult
{
    /// <summary>The credential proves nothing: unknown, disabled, expired or wrong, which nobody is to tell apart.</summary>
    public static readonly AuthenticationResult NotProven = new Refused();

    private AuthenticationResult()
    {
    }

    /// <summary>Whoever brought it is let in.</summary>
    /// <param name="Identity">Who it is.</param>
    public sealed record Accepted(Identity Identity) : AuthenticationResult;

    /// <summary><see cref="NotProven"/>.</summary>
    public sealed record Refused : AuthenticationResult;

    /// <summary>Nobody looked at it, as too many wrong ones came.</summary>
    /// <param name="RetryAfter">When somebody may.</param>
    public sealed record TooMany(TimeSpan RetryAfter) : AuthenticationResult;

    /// <summary>Nobody could say, as what would have to be asked cannot be reached, or has too much to do.</summary>
    /// <param name="RetryAfter">When that may be over.</param>
    public sealed record Unavailable(TimeSpan RetryAfter) : AuthenticationResult;
}
