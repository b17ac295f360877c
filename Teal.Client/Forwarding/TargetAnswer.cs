namespace Teal.Client.Forwarding;

/// <summary>What a target answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="RetryAfter">How long it wants to be left alone; null: it does not say.</param>
internal sealed record TargetAnswer(int Status, TimeSpan? RetryAfter)
{
    /// <summary>Whether it took the event.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether it may take it later.</summary>
    public bool IsPassing => Status is 408 or 425 or 429 or >= 500;
}
