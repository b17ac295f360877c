using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.Core.Publishing;

/// <summary>The settings of <see cref="EventPublisherOptions"/>.</summary>
public static class EventPublisherSettings
{
    /// <summary><c>PublishTimeout</c>.</summary>
    public static readonly Setting<EventPublisherOptions> PublishTimeout =
        new("PublishTimeout", "5 s", "how long an event may take to be kept before its sender gets a 503",
            Duration<EventPublisherOptions>(Millisecond, TimeSpan.FromMinutes(5), o => o.PublishTimeout, (o, v) => o.PublishTimeout = v));

    /// <summary>What may wait for the bus.</summary>
    public static readonly IReadOnlyList<Setting<EventPublisherOptions>> Waiting =
    [
        new("MaximumUntold", "10000", "how many events may wait for RabbitMQ; dispatchers learn of further ones from Redis",
            Count<EventPublisherOptions>(1, 10_000_000, o => o.MaximumUntold, (o, v) => o.MaximumUntold = v)),
        new("MaximumUntoldSize", "16 MiB", "how many bytes of events may wait for RabbitMQ; dispatchers learn of further ones from Redis",
            Size<EventPublisherOptions>(1024 * 1024, int.MaxValue, o => o.MaximumUntoldSize, (o, v) => o.MaximumUntoldSize = v)),
    ];
}
