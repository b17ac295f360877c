using Teal.Core.Identities;

namespace Teal.Dispatcher.Commands;

/// <summary>What became of something that a client wanted to make or delete.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Fault">Why it was not done, where its kind knows better than the outcome; null: that says all.</param>
internal readonly record struct MakeOutcome(ChangeOutcome Outcome, CommandFault? Fault = null)
{
    /// <summary>The outcome says all.</summary>
    public static implicit operator MakeOutcome(ChangeOutcome outcome) => new(outcome);
}
