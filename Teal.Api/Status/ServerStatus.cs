namespace Teal.Api.Status;

/// <summary>How a process is doing, for an operator.</summary>
public sealed record ServerStatus
{
    /// <summary><c>ready</c>, <c>not ready</c> or <c>stopping</c>, as <c>/health/ready</c> has it.</summary>
    public required string Status { get; init; }

    /// <summary>Teal's version.</summary>
    public required string Version { get; init; }

    /// <summary>The number of the process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>When it was started, UTC.</summary>
    public required DateTime StartedAt { get; init; }

    /// <summary><c>Standalone</c> or <c>Distributed</c>.</summary>
    public required string Deployment { get; init; }

    /// <summary>The modules that run in it.</summary>
    public required IReadOnlyList<ModuleStatus> Modules { get; init; }

    /// <summary>
    /// What it depends on, <c>bus</c> and <c>store</c>, and whether that works: <c>ok</c>, <c>full</c> or <c>unreachable</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Dependencies { get; init; }

    /// <summary>The store in words, without secrets.</summary>
    public required string Store { get; init; }

    /// <summary>The bus in words, without secrets.</summary>
    public required string Bus { get; init; }

    /// <summary>What the journal keeps; null where other processes share it.</summary>
    public required JournalStatus? Journal { get; init; }

    /// <summary>The clients' connections; null in a process without a dispatcher.</summary>
    public required ConnectionStatus? Connections { get; init; }

    /// <summary>How much memory the process takes, in bytes.</summary>
    public required long Memory { get; init; }
}
