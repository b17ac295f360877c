namespace Teal.Client;

/// <summary>A callback state to create on the server, as <c>create</c> has it (specification 3.2).</summary>
/// <param name="State">The state, not empty. It has to be hard to guess (RFC 6749, section 10.10).</param>
/// <param name="ExpiresAt">When it ends. The server has a least and a longest lifetime.</param>
public sealed record CallbackBinding(string State, DateTimeOffset ExpiresAt)
{
    /// <summary>Where the end user's browser is sent after the callback, an http or https URL as it is given; null: nowhere.</summary>
    public string? FinalRedirectUrl { get; init; }

    /// <summary>Whether the parameters come in the URL's fragment; by default they do not.</summary>
    public bool WithFragment { get; init; }
}
