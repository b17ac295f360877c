namespace Teal.Core.Identities;

/// <summary>What became of something with an owner (specification 8.5) that somebody wanted to make, replace or delete.</summary>
public enum ChangeOutcome
{
    /// <summary>It is as was asked for.</summary>
    Done,

    /// <summary>Whoever asked has no permission for it. Nothing was changed.</summary>
    NotAllowed,

    /// <summary>Whoever asked may not have states lead there (specification 8.6). Nothing was changed.</summary>
    RedirectNotAllowed,

    /// <summary>Another team has a live one of that name. Nothing was changed.</summary>
    Taken,

    /// <summary>The store holds as many as it may. Nothing was changed.</summary>
    NoRoom,
}
