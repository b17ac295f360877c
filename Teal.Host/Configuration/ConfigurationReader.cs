using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Teal.Accounts.Directory;
using Teal.Core.Configuration;

namespace Teal.Host.Configuration;

/// <summary>Reads and checks everything under <c>Teal</c> (specification 5), and finds all that is wrong at once.</summary>
internal static class ConfigurationReader
{
    private const string Root = "Teal";

    // Far beyond what guessing through the network finds.
    private const int LeastPasswordLength = 16;

    /// <summary>The options; not to be used when there are faults.</summary>
    public static TealOptions Read(IConfiguration configuration, out IReadOnlyList<ConfigurationFault> faults)
    {
        var options = Read(setting => ValueOf(configuration, setting), out faults);
        faults = [.. faults.Select(fault => fault with { Key = KeyAt(configuration, fault.Key) }), .. LoggingFaults(configuration)];
        return options;
    }

    /// <summary>The same for values from anywhere, in the form of <see cref="ValueOf"/>.</summary>
    public static TealOptions Read(Func<Setting<TealOptions>, string?> valueOf, out IReadOnlyList<ConfigurationFault> faults)
    {
        var options = new TealOptions();
        var found = new List<ConfigurationFault>();
        foreach (var setting in SettingCatalogue.All)
        {
            var value = valueOf(setting);
            if (value is null) continue;

            found.AddRange(
                from fault in setting.Type.FaultsOf(options, value)
                let key = fault.Path.Length == 0 ? setting.Key : $"{setting.Key}:{fault.Path}"
                let shown = setting.IsSecret || fault.Path.Length > 0 ? null : value
                select new ConfigurationFault($"{Root}:{key}", shown, fault.Text, fault.Example ?? setting.Example));
        }

        // What depends on several settings is looked at also where one of them is wrong, so that all faults are seen at once;
        // but not twice.
        Complete(options);
        found.AddRange(FaultsOf(options).Where(fault => found.TrueForAll(other => other.Key != fault.Key)).ToArray());
        faults = found;
        return options;
    }

    /// <summary>The keys under <c>Teal</c> that mean nothing.</summary>
    public static IReadOnlyList<string> UnknownKeys(IConfiguration configuration) =>
    [
        .. configuration.GetSection(Root).AsEnumerable()

            // The root may have a value: that of a variable of somebody else's that happens to be called TEAL.
            .Where(static pair => pair.Value is not null && pair.Key.Length > Root.Length)
            .Select(static pair => pair.Key[(Root.Length + 1)..])
            .Where(static key => !SettingCatalogue.All.Any(setting => IsAt(key, setting)))
            .Select(static key => $"{Root}:{key}"),
    ];

    /// <summary>A setting's value, in the form that <see cref="SettingType{TOptions}.Apply"/> takes; null: it is not set.</summary>
    public static string? ValueOf(IConfiguration configuration, Setting<TealOptions> setting)
    {
        var section = configuration.GetSection(KeyOf(configuration, setting));
        if (!(setting.IsList || setting.IsMap) || section.Value is not null) return section.Value;

        var children = section.GetChildren().ToArray();
        if (setting.Type.Members is not null) return ObjectsOf(children);
        if (children.Length == 0) return null;

        return setting.IsMap
            ? string.Join('\0', children.Select(static item => $"{item.Key}={item.Value}"))
            : string.Join(',', children.Select(static item => item.Value));
    }

    /// <summary>The key at which a setting is set, with <c>Teal:</c>: its own, or a former one.</summary>
    public static string KeyOf(IConfiguration configuration, Setting<TealOptions> setting) =>
        setting.FormerKeys.Prepend(setting.Key).Select(static key => $"{Root}:{key}")
            .FirstOrDefault(key => configuration.GetSection(key).Exists()) ?? $"{Root}:{setting.Key}";

    private static string KeyAt(IConfiguration configuration, string key) =>
        SettingCatalogue.All.FirstOrDefault(setting => key == $"{Root}:{setting.Key}") is { } setting ? KeyOf(configuration, setting) : key;

    // What is no object there is a setting of its own, or a mistake.
    private static string? ObjectsOf(IEnumerable<IConfigurationSection> children)
    {
        var entries = children.Where(static child => child.Value is null)
            .SelectMany(static child => child.AsEnumerable(makePathsRelative: true)
                .Where(static pair => pair.Value is not null).Select(static pair => $"{pair.Key}={pair.Value}")
                .Order(StringComparer.Ordinal).DefaultIfEmpty("="), static (child, entry) => $"{child.Key}:{entry}");
        return string.Join('\0', entries) is { Length: > 0 } text ? text : null;
    }

    /// <summary>Whether a key, without <c>Teal:</c>, is that of a setting, or of a part of it.</summary>
    public static bool IsAt(string key, Setting<TealOptions> setting)
    {
        if (setting.FormerKeys.Prepend(setting.Key).Contains(key, StringComparer.OrdinalIgnoreCase)) return true;
        if (!(setting.IsList || setting.IsMap) || !key.StartsWith(setting.Key + ':', StringComparison.OrdinalIgnoreCase)) return false;

        return setting.Type.Members is null || key.IndexOf(':', setting.Key.Length + 1) > 0;
    }

    private static void Complete(TealOptions options)
    {
        options.Dispatcher.HasFreestandingStates = options.Listener.PowensRedirectFallback || !options.Modules.Contains(Module.Listener);
        options.Dispatcher.Channels.StandsForMany = options.StandsForMany;
        options.Listener.StandsForMany = options.StandsForMany;
        var isDistributed = options.Deployment == Deployment.Distributed;
        options.Bus ??= isDistributed ? BusKind.RabbitMq : BusKind.InProcess;
        options.Store ??= isDistributed ? Store.Redis : Store.Embedded;
        if (options.Bus == BusKind.RabbitMq) options.Redis.System = options.RabbitMq.System;
        CompletePassword(options, options.Accounts.Directory);
    }

    private static void CompletePassword(TealOptions options, AccountOptions accounts)
    {
        options.HasWeakPassword = accounts.Password.Length > 0 && options.Modules.Contains(Module.Dispatcher) && IsWeak(accounts.Password);
        if (accounts.Password.Length > 0 || accounts.Accounts.Count > 0 || accounts.IsAnonymousOff) return;

        accounts.IsPasswordGenerated = true;
        accounts.Password = RandomNumberGenerator.GetHexString(24, lowercase: true);
    }

    private static bool IsWeak(string password) =>
        password.Length < LeastPasswordLength || string.IsNullOrWhiteSpace(password) || password.All(character => character == password[0]);

    // A proxy on this machine makes the dispatcher public as well, which its public URL tells.
    private static bool IsReachedFromElsewhere(TealOptions options) =>
        options.DispatcherAddress is { IsLoopback: false }
        || (options.Dispatcher.Door.PublicUrl is { } url && !new Uri(url.Base).IsLoopback);

    // .NET's own settings of the log, which would end the start with a stack trace, or be passed over.
    private static IEnumerable<ConfigurationFault> LoggingFaults(IConfiguration configuration)
    {
        foreach (var (key, value) in configuration.GetSection("Logging").AsEnumerable())
        {
            if (value is null) continue;
            if (key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase)
                && !(Enum.TryParse<LogLevel>(value, ignoreCase: true, out var level) && Enum.IsDefined(level)))
                yield return new ConfigurationFault(
                    key, value, $"must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}", "Information");
            if (key.Equals("Logging:Console:FormatterName", StringComparison.OrdinalIgnoreCase)
                && !LogForm.All.Contains(value, StringComparer.OrdinalIgnoreCase))
                yield return new ConfigurationFault(key, value, $"must be one of {string.Join(", ", LogForm.All)}", LogForm.Json);
        }
    }

    /// <summary>What is wrong with settings together that can each be right.</summary>
    internal static IEnumerable<ConfigurationFault> FaultsOf(TealOptions options)
    {
        if (options.States.MinimumLifetime > options.States.MaximumLifetime)
            yield return new ConfigurationFault(
                $"{Root}:Dispatcher:MinimumStateLifetime", null, "must not be longer than MaximumStateLifetime", "10 s");
        if (options.Listener.BodyBudget / 2 < options.Listener.MaximumBodySize)
            yield return new ConfigurationFault(
                $"{Root}:Listener:BodyBudget", null,
                "must be at least twice MaximumBodySize: while the largest body grows, it is there twice", "64 MiB");
        if (!options.Modules.All(module => module.ReachesOthers(options)))
        {
            yield return new ConfigurationFault(
                $"{Root}:Modules", string.Join(',', options.Modules.Select(static module => module.Name)),
                "must be both modules unless Bus is RabbitMq and Store is Redis: one alone would hear nothing of the other",
                "Listener,Dispatcher");
        }

        if (options is { Deployment: Deployment.Distributed, HasGeneratedPassword: true } && options.Modules.Contains(Module.Dispatcher))
            yield return new ConfigurationFault(
                $"{Root}:Dispatcher:Password", null,
                "must be set when the deployment is Distributed and Teal:Accounts are none, the same for all processes",
                "a long random text");
        if (options.HasWeakPassword && IsReachedFromElsewhere(options))
            yield return new ConfigurationFault(
                $"{Root}:Dispatcher:Password", null,
                $"must have at least {LeastPasswordLength} characters, and not one alone again and again, " +
                "as the dispatcher can be reached from elsewhere; make one with: openssl rand -hex 24",
                "a long random text");
    }
}
