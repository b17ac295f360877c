namespace Teal.Host.Serving;

/// <summary>
/// Has what waits for a socket go on where the socket is watched, on a thread for each processor, and not on a thread of the pool that has
/// to be woken first: a fourth of a request's processor time. .NET lets a process choose that by an environment variable only. What goes on
/// there must not wait for anything: <see cref="FairTransport"/> and the dispatcher's connections leave those threads before they take
/// long. Not for a process that uses Redis or RabbitMQ, whose drivers may block there.
/// </summary>
internal static class InlineSockets
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Chooses it, unless the process was started with the variable. Means something before the first socket is used.</summary>
    public static void Prefer()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) Environment.SetEnvironmentVariable(Variable, "1");
    }
}
