using Teal.Core.Identities;

namespace Teal.Core.Ciba;

/// <summary>What became of a CIBA request that somebody wanted to make.</summary>
/// <param name="Outcome">Whether it is stored, or why not.</param>
/// <param name="Change">What has to be taken back where it is not to stay; null: nothing was changed.</param>
public readonly record struct CibaRequestCreation(ChangeOutcome Outcome, CibaRequestChange? Change)
{
    /// <summary>Nothing was changed.</summary>
    public static implicit operator CibaRequestCreation(ChangeOutcome outcome) => new(outcome, null);
}
