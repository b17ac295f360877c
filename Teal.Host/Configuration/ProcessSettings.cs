using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingAddresses;
using static Teal.Core.Configuration.SettingQuantities;
using static Teal.Core.Configuration.SettingTexts;

namespace Teal.Host.Configuration;

/// <summary>The settings of a process as a whole, and where its modules listen.</summary>
internal static class ProcessSettings
{
    private static readonly string[] StoreNames = [.. Store.All.Select(static store => store.Name)];
    private static readonly string[] ModuleNames = [.. Module.All.Select(static module => module.Name)];

    /// <summary>What a process is made of.</summary>
    public static readonly IReadOnlyList<Setting<TealOptions>> Parts =
    [
        new("Deployment", "Standalone", "`Standalone`: one process, nothing else to install; `Distributed`: RabbitMQ and Redis",
            Choice<TealOptions, Deployment>(o => o.Deployment, (o, v) => o.Deployment = v)),
        new("Bus", "InProcess", "`InProcess` or `RabbitMq`; from the deployment where it is not set",
            Choice<TealOptions, BusKind>(o => o.Bus, (o, v) => o.Bus = v)),
        new("Store", "Embedded", $"{NamesOf(Store.All)}; from the deployment where it is not set", Stores()),
        new("Modules", "Listener,Dispatcher", "which modules this process runs; one alone needs RabbitMQ and Redis",
            Modules()) { IsList = true },
    ];

    /// <summary>How it stops, and whom it believes.</summary>
    public static readonly IReadOnlyList<Setting<TealOptions>> Surroundings =
    [
        new("ShutdownTimeout", "8 s", "how long a stopping process may take to deliver what it accepted",
            Duration<TealOptions>(TimeSpan.Zero, TimeSpan.FromHours(1), o => o.ShutdownTimeout, (o, v) => o.ShutdownTimeout = v)),
        new("TrustedProxies", "127.0.0.1,10.0.0.0/8",
            "IP addresses and networks whose `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix` are believed",
            Networks<TealOptions>((o, v) => o.TrustedProxies = v)) { IsList = true },
    ];

    /// <summary><c>Listener:Url</c>.</summary>
    public static readonly Setting<TealOptions> ListenerUrl =
        new("Listener:Url", "http://localhost:8080", "where the listener listens; `http://unix:/path` is a Unix socket",
            Bind(o => o.ListenerAddress, (o, v) => o.ListenerAddress = v));

    /// <summary><c>Dispatcher:Url</c>.</summary>
    public static readonly Setting<TealOptions> DispatcherUrl =
        new("Dispatcher:Url", "http://localhost:8081", "where the dispatcher listens; may be the listener's address, or a Unix socket",
            Bind(o => o.DispatcherAddress, (o, v) => o.DispatcherAddress = v));

    private static string NamesOf(IReadOnlyList<Store> stores)
    {
        string[] names = [.. stores.Select(static store => $"`{store.Name}`{(store.Note is { } note ? $" ({note})" : "")}")];
        return $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }

    private static SettingType<TealOptions> Stores() => new((options, text) =>
    {
        if (text.Length == 0) return null;

        var named = Store.All.FirstOrDefault(store => store.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
        options.Store = named ?? options.Store;
        return named is null ? $"must be {string.Join(" or ", StoreNames)}" : null;
    }, static options => options.Store?.Name ?? "", Names: StoreNames);

    // At least one, in any order and case.
    private static SettingType<TealOptions> Modules() => new((options, text) =>
    {
        var names = Items(text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (names.Count == 0 || !names.IsSubsetOf(ModuleNames)) return $"must be {string.Join(" or ", ModuleNames)}";

        options.Modules = [.. Module.All.Where(module => names.Contains(module.Name))];
        return null;
    }, static options => string.Join(',', options.Modules.Select(static module => module.Name)), Names: ModuleNames);

    private static SettingType<TealOptions> Bind(
        Func<TealOptions, BindAddress> get, Action<TealOptions, BindAddress> set) => new((options, text) =>
    {
        if (!BindAddress.TryParse(text, out var address, out var fault)) return fault;

        set(options, address!);
        return null;
    }, options => get(options).Text, Pattern: "^http://.");
}
