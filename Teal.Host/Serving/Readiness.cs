using Teal.Core.Hosting;

namespace Teal.Host.Serving;

/// <summary>Whether the process can do its work now: all that it depends on answers, and it is not about to stop.</summary>
internal sealed class Readiness(IEnumerable<IDependencyProbe> probes, TimeProvider clock)
{
    /// <summary>What <see cref="Describe"/> says of a process that can do its work.</summary>
    public const string Ready = "ready";

    // A probe that hangs must not make the answer hang: load balancers give up after a few seconds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(1);

    private readonly IDependencyProbe[] _probes = [.. probes.OrderBy(static probe => probe.Name, StringComparer.Ordinal)];
    private readonly Lock _lock = new();
    private Task<IReadOnlyList<(string Name, DependencyState State)>>? _answer;
    private long _asked;

    /// <summary>Whether the process was told to stop.</summary>
    public bool IsStopping { get; set; }

    /// <summary>How the process is, as <c>/health/ready</c> says it, where these are what it needs.</summary>
    public string Describe(IEnumerable<(string Name, DependencyState State)> dependencies) =>
        IsStopping ? "stopping" : dependencies.All(static dependency => dependency.State == DependencyState.Ok) ? Ready : "not ready";

    /// <summary>
    /// Each dependency's name, and what it can do: at most a second old. However many ask, each dependency is asked once.
    /// </summary>
    public Task<IReadOnlyList<(string Name, DependencyState State)>> CheckAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_answer is null || (_answer.IsCompleted && clock.GetElapsedTime(_asked) >= LongestAge))
                (_asked, _answer) = (clock.GetTimestamp(), Task.Run(AskAsync, CancellationToken.None));
            return _answer.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<(string Name, DependencyState State)>> AskAsync()
    {
        var answers = await Task.WhenAll(_probes.Select(probe => CheckAsync(probe, CancellationToken.None)));
        return [.. _probes.Zip(answers, static (probe, state) => (probe.Name, state))];
    }

    private async Task<DependencyState> CheckAsync(IDependencyProbe probe, CancellationToken cancellationToken)
    {
        try
        {
            return await probe.CheckAsync(cancellationToken).AsTask().WaitAsync(Limit, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return DependencyState.Unreachable;
        }
    }
}
