namespace Teal.Host.Client;

/// <summary>What a command wanted cannot be had, and trying again would not help. The message is for the person at the terminal.</summary>
internal sealed class ClientException(string message, bool isRefusal = false) : Exception(message)
{
    /// <summary>Whether user or password were refused.</summary>
    public bool IsRefusal { get; } = isRefusal;
}
