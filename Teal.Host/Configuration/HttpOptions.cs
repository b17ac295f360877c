namespace Teal.Host.Configuration;

/// <summary>Bounds of the web server, for both modules, under <c>Teal:Http</c>.</summary>
internal sealed class HttpOptions
{
    public int MaximumRequestLineSize { get; set; } = 64 * 1024;

    public int MaximumHeaderSize { get; set; } = 32 * 1024;

    /// <summary>The longest request line and headers, in bytes.</summary>
    public int LongestHead => MaximumRequestLineSize + MaximumHeaderSize;

    public int HeadBudget { get; set; } = 32 * 1024 * 1024;

    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public int MinimumBodyRate { get; set; } = 240;

    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromMinutes(2);

    public int MaximumConnections { get; set; } = 20_000;

    public int MaximumConnectionsPerAddress { get; set; } = 1000;
}
