namespace Teal.Client;

/// <summary>How a <see cref="TealClient"/> connects.</summary>
public sealed record TealClientOptions
{
    /// <summary>
    /// The account. Empty by default: where the password is a key, that says whose it is; else it is <c>anonymous</c>.
    /// </summary>
    public string User { get; init; } = "";

    /// <summary>The account's password, key or one-time password; empty by default.</summary>
    public string Password { get; init; } = "";

    /// <summary>
    /// Hosts beside the dispatcher's own that the password may be sent to, as they stand in URLs and without a port, such as
    /// <c>teal.example.org</c>; none by default. What names the websocket's address is not authenticated.
    /// </summary>
    public IReadOnlyCollection<string> AllowedHosts { get; init; } = [];

    /// <summary>The clock by which it waits before it connects again; by default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
