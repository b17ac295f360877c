namespace Teal.Web.Sessions;

/// <summary>
/// What the network was given for one client and has not taken, and since when it takes nothing. The lock of its
/// <see cref="SendQueue"/> guards it.
/// </summary>
internal struct UnderWay(SendBudget budget)
{
    private long _stalledSince;
    private bool _isStalled;

    /// <summary>How much it is, in bytes.</summary>
    public int Size { get; private set; }

    /// <summary>The network is given more.</summary>
    public void Add(int size) => Size += size;

    /// <summary>The network does not take it at once: from now on it is counted in the budget.</summary>
    public void Stall()
    {
        _stalledSince = budget.Clock.GetTimestamp();
        Volatile.Write(ref _isStalled, true);
        budget.HoldCopy(Size);
    }

    /// <summary>The network has taken it, or never will.</summary>
    public void Clear()
    {
        if (_isStalled) budget.LetGoCopy(Size);
        _isStalled = false;
        Size = 0;
    }

    /// <summary>
    /// Whether the network has taken nothing for so long; also without the lock, as all are asked each second, and most are not.
    /// </summary>
    public readonly bool IsStalledFor(TimeSpan duration) =>
        Volatile.Read(in _isStalled) && budget.Clock.GetElapsedTime(_stalledSince) >= duration;
}
