namespace Teal.Core.States;

/// <summary>What a look at the clock has shown.</summary>
internal enum ClockTrust
{
    /// <summary>It goes as time does.</summary>
    Believed,

    /// <summary>It has gone ahead since the last look, by more than is believed.</summary>
    JumpedAhead,

    /// <summary>It has gone ahead before, and is neither back nor has it stayed for long enough.</summary>
    Distrusted,

    /// <summary>It is back, or has stayed for so long that it is taken for right.</summary>
    BelievedAgain,
}
