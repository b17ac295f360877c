namespace Teal.RabbitMq;

/// <summary>Settings of the RabbitMQ bus, under <c>Teal:RabbitMq</c>.</summary>
public sealed class RabbitMqOptions
{
    /// <summary>
    /// The broker, <c>amqp</c> or <c>amqps</c>, with user, password and virtual host. Default <c>amqp://localhost:5672/</c>.
    /// </summary>
    public Uri Uri { get; set; } = new("amqp://localhost:5672/");

    /// <summary>The names of the options that the broker's URL had, and that are passed over.</summary>
    public IReadOnlyList<string> IgnoredOptions { get; set; } = [];

    /// <summary>What stands in front of the exchanges' names. Default nothing.</summary>
    public string ExchangePrefix { get; set; } = "";

    /// <summary>The virtual host that <see cref="Uri"/> names; <c>/</c> where it names none.</summary>
    public string VirtualHost => Uri.Segments.Length < 2 ? "/" : Uri.UnescapeDataString(Uri.Segments[1]);

    /// <summary>
    /// What keeps this system's events apart from those of others on the same broker: virtual host and prefix, each percent-encoded, as
    /// <c>%2F/teal_</c>. Empty for <c>/</c> without a prefix.
    /// </summary>
    public string System =>
        VirtualHost == "/" && ExchangePrefix.Length == 0
            ? ""
            : $"{Uri.EscapeDataString(VirtualHost)}/{Uri.EscapeDataString(ExchangePrefix)}";

    /// <summary>How long a publication waits for a broker that is away before it fails. Default 5 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many publications may wait for their confirmation; further ones wait. Default 1,000.</summary>
    public int MaximumUnconfirmed { get; set; } = 1000;

    /// <summary>How many messages the broker hands over ahead of their acknowledgement. Default 1,000.</summary>
    public int Prefetch { get; set; } = 1000;

    /// <summary>How often both sides prove that they live; about three failures end the connection. Default 4 seconds.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(4);
}
