namespace Teal.Accounts.Hashing;

/// <summary>A hash that somebody waits for. Two threads may compute it at the same time; the first result counts.</summary>
internal interface IHashWork
{
    /// <summary>Whether its result is known.</summary>
    bool IsDone { get; }

    /// <summary>Whether nobody began with it so far; from then on somebody did.</summary>
    bool TryBegin();

    /// <summary>Computes it, and tells nobody.</summary>
    void Compute();

    /// <summary>Tells its result to whoever waits.</summary>
    void Tell();
}
