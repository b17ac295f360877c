namespace Teal.Client.Forwarding;

/// <summary>How a <see cref="Forwarder"/> forwards.</summary>
public sealed record ForwardOptions
{
    /// <summary>Where to.</summary>
    public required ForwardTarget Target { get; init; }

    /// <summary>
    /// Whether what stands behind the webhook's address in the request's path is appended to the target's. Default false.
    /// </summary>
    public bool AppendsPath { get; init; }

    /// <summary>Whether the target gets the <c>Host</c> that the request came with. Default false: it gets its own.</summary>
    public bool PreservesHost { get; init; }

    /// <summary>Headers that are set, or with null taken away, by their names. Default none.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Headers { get; init; } = [];

    /// <summary>How long an answer may take. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an event is tried again that the target refused with a passing fault; null: for ever. Default 5.</summary>
    public int? Retries { get; init; } = 5;

    /// <summary>What becomes of an event that the target did not take. Default: it is passed over.</summary>
    public OnFailure OnFailure { get; init; }

    /// <summary>Whether the target's certificate may be one that nobody vouches for. Default false.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>The clock by which it waits; by default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
