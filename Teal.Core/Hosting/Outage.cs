namespace Teal.Core.Hosting;

/// <summary>
/// What an operator was told of the outage of a server: the first fault, and then each refusal once. A server that was only slow at first
/// may refuse later, and the refusal is what the operator has to put right. For one caller at a time.
/// </summary>
public sealed class Outage
{
    /// <summary>How many faults of one outage are told: a server may word its refusals as it likes.</summary>
    public const int MaximumFaults = 10;

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>Whether there is an outage.</summary>
    public bool IsUnderWay => _told.Count > 0;

    /// <summary>Begins the outage, or goes on with it. True: the fault is to be told.</summary>
    /// <param name="fault">What the operator would read.</param>
    /// <param name="isRefusal">Whether it names what to put right, such as a password; false: only that there is no answer.</param>
    public bool IsNew(string fault, bool isRefusal)
    {
        if (IsUnderWay && (!isRefusal || _told.Count >= MaximumFaults)) return false;

        return _told.Add(fault);
    }

    /// <summary>Ends the outage. False: there was none.</summary>
    public bool TryEnd()
    {
        var wasUnderWay = IsUnderWay;
        _told.Clear();
        return wasUnderWay;
    }
}
