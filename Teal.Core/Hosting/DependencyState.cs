namespace Teal.Core.Hosting;

/// <summary>What a dependency can do now, for the readiness answer.</summary>
public enum DependencyState
{
    /// <summary>It works.</summary>
    Ok,

    /// <summary>It answers, but takes nothing more: it has no room.</summary>
    Full,

    /// <summary>It does not answer, or refuses.</summary>
    Unreachable,
}
