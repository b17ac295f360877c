namespace Teal.Api.Status;

/// <summary>Knows how the process is doing: whoever put its parts together.</summary>
public interface IServerStatus
{
    /// <summary>How it is doing now. Takes a few seconds at most, and never throws but where it is cancelled.</summary>
    ValueTask<ServerStatus> AskAsync(CancellationToken cancellationToken);
}
