namespace Teal.Api;

/// <summary>Bounds of the API.</summary>
public sealed class ApiOptions
{
    /// <summary>
    /// How long a request's body may be, in bytes: as long as a client's message (<c>Dispatcher:MaximumMessageSize</c>). Default 64 KiB.
    /// </summary>
    public int MaximumBodySize { get; set; } = 64 * 1024;
}
