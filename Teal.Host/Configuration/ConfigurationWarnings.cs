using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace Teal.Host.Configuration;

/// <summary>What is allowed, and probably not meant.</summary>
internal static class ConfigurationWarnings
{
    /// <summary>Sentences for an operator, without their full stop. None repeats a value that could be secret.</summary>
    public static IReadOnlyList<string> Of(TealOptions options, IConfigurationRoot configuration) =>
    [
        .. ConfigurationReader.UnknownKeys(configuration)
        .Select(key => $"The setting {key} is not known, and means nothing ({ConfigurationSources.Find(configuration, key)})"),
        .. FormerKeys(configuration),
        .. RootKeys(configuration),
        .. OfOptions(options),
    ];

    private static IEnumerable<string> OfOptions(TealOptions options)
    {
        if (options.HasWeakPassword)
            yield return "Teal:Dispatcher:Password can be guessed by programs on this machine; openssl rand -hex 24 makes a better one";
        if (options.Modules.Contains(Module.Listener) && options.Listener is { PowensRedirectFallback: true, PowensRedirectHosts.Count: 0 })
            yield return "Teal:Listener:PowensRedirectHosts is empty: anybody can make a link to this listener that leads to any host. " +
                "Name the hosts that your states lead to, such as *.biapi.pro";
        if (options.Listener.PublicUrl is null && (options.TrustedProxies.Count > 0 || options.ListenerAddress.SocketPath is not null))
            yield return
                $"Teal:{(options.TrustedProxies.Count > 0 ? "TrustedProxies" : "Listener:Url")} says that there is a proxy, " +
                "and Teal:Listener:PublicUrl is not: clients are told addresses for callbacks that only this machine reaches";
        if (options.RabbitMq.IgnoredOptions.Count > 0)
            yield return "Teal:RabbitMq:Uri has options behind its ? that are passed over " +
                $"({string.Join(", ", options.RabbitMq.IgnoredOptions)}); Teal:RabbitMq:Heartbeat and Teal:RabbitMq:Timeout are for that";
    }

    private static IEnumerable<string> FormerKeys(IConfigurationRoot configuration) =>
        from setting in SettingCatalogue.All
        let counts = ConfigurationReader.KeyOf(configuration, setting)
        from key in setting.FormerKeys.Select(static key => $"Teal:{key}")
        where configuration.GetSection(key).Exists()
        let what = key == counts ? $"is called Teal:{setting.Key} now" : $"means nothing, as {counts} is set"
        select $"The setting {key} {what} ({ConfigurationSources.Find(configuration, key)})";

    // Settings that lack their root would be passed over without a word.
    private static IEnumerable<string> RootKeys(IConfigurationRoot configuration)
    {
        var own = SettingCatalogue.All.Select(static setting => setting.Key.Split(':')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return from file in configuration.Providers.OfType<JsonConfigurationProvider>()
               from key in file.GetChildKeys([], null).Distinct().Where(own.Contains)
               select $"{ConfigurationSources.PathOf(file)} has \"{key}\" at its root, where it means nothing; it belongs into \"Teal\"";
    }
}
