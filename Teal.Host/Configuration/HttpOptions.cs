namespace Teal.Host.Configuration;

/// <summary>Bounds of the web server, for both modules, under <c>Teal:Http</c>.</summary>
internal sealed class HttpOptions
{
    public int MaximumRequestLineSize { get; set; }

    public int MaximumHeaderSize { get; set; }

    public TimeSpan HeaderTimeout { get; set; }

    public int MinimumBodyRate { get; set; }

    public TimeSpan KeepAliveTimeout { get; set; }

    public int MaximumConnections { get; set; }

    public int MaximumConnectionsPerAddress { get; set; }
}
