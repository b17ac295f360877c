namespace Teal.Core.States;

/// <summary>What remembers, beyond the end of a process, when it ran last.</summary>
public interface IRunRecord
{
    /// <summary>
    /// When a process before this one was seen last, by the clock that it had; this process' beginning where there was none.
    /// </summary>
    DateTimeOffset LastRun { get; }

    /// <summary>Says that this process runs.</summary>
    void Record(DateTimeOffset now);
}
