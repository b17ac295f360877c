namespace Teal.Host.Configuration;

/// <summary>Bounds of the web server, for both modules, under <c>Teal:Http</c>.</summary>
internal sealed class HttpOptions
{
    public int MaximumRequestLineSize { get; set; }

    public int MaximumHeaderSize { get; set; }

    /// <summary>The longest request line and headers, in bytes.</summary>
    public int LongestHead => MaximumRequestLineSize + MaximumHeaderSize;

    public int HeadBudget { get; set; }

    public TimeSpan HeaderTimeout { get; set; }

    public int MinimumBodyRate { get; set; }

    public TimeSpan KeepAliveTimeout { get; set; }

    public int MaximumConnections { get; set; }

    public int MaximumConnectionsPerAddress { get; set; }
}
