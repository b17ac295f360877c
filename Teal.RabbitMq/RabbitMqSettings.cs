using System.Text;
using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingQuantities;

namespace Teal.RabbitMq;

/// <summary>The settings of <see cref="RabbitMqOptions"/>, under <c>Teal:RabbitMq</c>.</summary>
public static class RabbitMqSettings
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<RabbitMqOptions>> All =
    [
        new("RabbitMq:Uri", "amqps://user:password@rabbitmq.example.org/vhost", "the broker, with user, password and virtual host",
            Address()) { Aliases = ["AMQP_URL"], IsSecret = true },
        new("RabbitMq:ExchangePrefix", "teal_", "what stands in front of the exchanges' names",
            ExchangePrefix()) { Aliases = ["AMQP_EXCHANGE_PREFIX"] },
        new("RabbitMq:Timeout", "5 s",
            "how long an event waits for a broker that is away before dispatchers have to find it in the journal",
            Duration<RabbitMqOptions>(Millisecond, TimeSpan.FromMinutes(5), o => o.Timeout, (o, v) => o.Timeout = v)),
        new("RabbitMq:MaximumUnconfirmed", "1000",
            "how many events may wait for the broker's confirmation; further ones wait for their turn",
            Count<RabbitMqOptions>(1, 1_000_000, o => o.MaximumUnconfirmed, (o, v) => o.MaximumUnconfirmed = v)),
        new("RabbitMq:Prefetch", "1000", "how many events the broker hands over ahead of their acknowledgement",
            Count<RabbitMqOptions>(1, 65535, o => o.Prefetch, (o, v) => o.Prefetch = v)),
        new("RabbitMq:Heartbeat", "4 s", "how often both sides prove that they live; about three failures end the connection",
            Duration<RabbitMqOptions>(Second, TimeSpan.FromMinutes(5), o => o.Heartbeat, (o, v) => o.Heartbeat = v)),
    ];

    // The address of a RabbitMQ broker. The fault never repeats it: it may hold a password.
    private static SettingType<RabbitMqOptions> Address() => new((options, text) =>
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0)
            return "must be a URL that starts with amqp:// or amqps:// and names a host";
        if (uri.Segments.Length > 2 || uri.Fragment.Length > 0 || uri.Query.Contains('@'))
        {
            return "must have nothing behind host and port but the virtual host, its slashes written as %2F; " +
                "in a password / is %2F, ? is %3F and # is %23";
        }

        // Options of other libraries, as the variable of an installed original may have them; a value could be secret.
        options.IgnoredOptions =
        [
            .. uri.Query.TrimStart('?').Split('&').Where(static option => option.Contains('='))
                .Select(static option => option.Split('=')[0]).Where(static name => name.All(IsNameCharacter)),
        ];
        options.Uri = uri.Query.Length == 0 ? uri : new Uri(uri.GetLeftPart(UriPartial.Path));
        return null;
    }, static options => options.Uri.OriginalString, Pattern: "^amqps?://.");

    // What stands in front of the exchanges' names. It must not make one kind's exchange of the name of another kind's.
    private static SettingType<RabbitMqOptions> ExchangePrefix() => new((options, text) =>
    {
        // «openid_ciba_callbacks» is an exchange without this prefix, too.
        if (text.EndsWith("openid_ciba_", StringComparison.Ordinal))
            return "must not end in openid_ciba_: its callbacks would go where others expect notifications";
        if (Encoding.UTF8.GetByteCount(text) > 200) return "must have at most 200 bytes";

        options.ExchangePrefix = text;
        return null;
    });

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.';
}
