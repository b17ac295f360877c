namespace Teal.Api.Status;

/// <summary>The connections of clients: websockets and event streams.</summary>
/// <param name="Open">How many there are.</param>
/// <param name="Maximum">How many there may be (<c>Dispatcher:MaximumConnections</c>).</param>
/// <param name="Waiting">How many bytes wait for clients that do not take them.</param>
public sealed record ConnectionStatus(int Open, int Maximum, long Waiting);
