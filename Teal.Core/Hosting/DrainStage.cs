namespace Teal.Core.Hosting;

/// <summary>The parts of an orderly shutdown, in the order in which an event walks through the process.</summary>
public enum DrainStage
{
    /// <summary>Take no new work, and finish what was begun.</summary>
    Intake,

    /// <summary>Give the bus what was accepted.</summary>
    Publishing,

    /// <summary>Hand what was accepted to the dispatcher.</summary>
    Bus,

    /// <summary>Send what the connections' queues hold, and close them.</summary>
    Connections,
}
