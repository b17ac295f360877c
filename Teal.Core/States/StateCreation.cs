using Teal.Core.Identities;

namespace Teal.Core.States;

/// <summary>What became of a state that somebody wanted to make.</summary>
/// <param name="Outcome">Whether it is stored, or why not.</param>
/// <param name="Change">What has to be taken back where it is not to stay; null: nothing was changed.</param>
public readonly record struct StateCreation(ChangeOutcome Outcome, StateChange? Change)
{
    /// <summary>Nothing was changed.</summary>
    public static implicit operator StateCreation(ChangeOutcome outcome) => new(outcome, null);
}
