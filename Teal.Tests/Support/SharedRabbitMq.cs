namespace Teal.Tests.Support;

/// <summary>
/// One broker for all tests that neither stop nor pause it; the first to ask starts it, and it ends with the run. What tests declare
/// there carries a prefix of their own, and so they do not meet.
/// </summary>
internal static class SharedRabbitMq
{
    private static readonly Lazy<Task<RabbitMqServer>> Server = new(static () => RabbitMqServer.StartNewAsync());

    /// <summary>The broker; it throws what keeps a test from running without one, for every test that asks.</summary>
    public static Task<RabbitMqServer> GetAsync() => Server.Value;

    /// <summary>A name that no other test uses.</summary>
    public static string UniquePrefix() => $"teal-{Guid.NewGuid():N}";

    /// <summary>Ends the broker, if one was started.</summary>
    public static async Task EndAsync()
    {
        // A start that failed has ended what it had started.
        if (Server.IsValueCreated && Server.Value.IsCompletedSuccessfully) await (await Server.Value).DisposeAsync();
    }
}
