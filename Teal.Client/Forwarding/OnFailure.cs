namespace Teal.Client.Forwarding;

/// <summary>What becomes of an event that its target did not take, after all retries.</summary>
public enum OnFailure
{
    /// <summary>It is passed over, and the next one comes. The dispatcher still keeps it.</summary>
    Skip,

    /// <summary>The forwarding ends. The next one begins with that event.</summary>
    Stop,

    /// <summary>It is tried until the target takes it.</summary>
    Retry,
}
