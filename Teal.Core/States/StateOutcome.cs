namespace Teal.Core.States;

/// <summary>What became of a state that somebody wanted to change.</summary>
public enum StateOutcome
{
    /// <summary>It is as was asked for.</summary>
    Done,

    /// <summary>Whoever asked has no permission for it. Nothing was changed.</summary>
    NotAllowed,

    /// <summary>Another team has a live state of that name. Nothing was changed.</summary>
    Taken,

    /// <summary>The store holds as many states as it may. Nothing was changed.</summary>
    NoRoom,
}
