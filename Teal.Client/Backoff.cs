namespace Teal.Client;

/// <summary>How long to wait before the next try: doubling from half a second to half a minute, of which a random part.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    /// <summary>The next wait; between half of the step and the whole, so that many clients do not come back together.</summary>
    public TimeSpan Next()
    {
        var step = _next;
        _next = _next * 2 > Longest ? Longest : _next * 2;
        return step * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    /// <summary>Begins again, after a success.</summary>
    public void Reset() => _next = First;
}
