namespace Teal.Core.States;

/// <summary>What became of a state that was to be stored.</summary>
public enum StoreResult
{
    /// <summary>It is stored, and survives what the store survives.</summary>
    Stored,

    /// <summary>The store holds as many states as it may; an existing state can still be replaced.</summary>
    Full,

    /// <summary>There is a live state of another owner. Nothing was changed.</summary>
    NotYours,
}
