using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Teal.Accounts;
using Teal.Core.Configuration;
using Teal.Webhooks.Directory;

namespace Teal.Host.Configuration;

/// <summary>
/// Reads the settings again while a process runs. Those that are live (<see cref="Setting{TOptions}.IsLive"/>) count from then on, all
/// together, or none of them where one is wrong; of the others it says that they need a restart.
/// </summary>
internal sealed partial class SettingReload(
    TealOptions options, SettingSource source, IServiceProvider services, ILogger<SettingReload> logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Setting<TealOptions>, string?> _values =
        SettingCatalogue.All.ToDictionary(static setting => setting, setting => ConfigurationReader.ValueOf(source.Start, setting));

    // One that is gone is about to be replaced, or a mistake: without its secrets strangers would be believed.
    private IReadOnlyList<string> _files = ConfigurationSources.FilesOf(source.Start);

    /// <summary>Reads them, and tells the log what came of it. Never throws.</summary>
    public void Run()
    {
        lock (_lock)
        {
            try
            {
                Run(source.ReadAgain(_files));
            }
            catch (InvalidDataException exception)
            {
                // A file that is no JSON, or cannot be read.
                Log.Refused(logger, exception.Message);
            }
            catch (Exception exception)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private void Run(IConfiguration configuration)
    {
        var changed = _values.Keys
            .Select(setting => (Setting: setting, Value: ConfigurationReader.ValueOf(configuration, setting)))
            .Where(entry => entry.Value != _values[entry.Setting]).ToLookup(static entry => CountsNow(entry.Setting, entry.Value));
        var values = new Dictionary<Setting<TealOptions>, string?>(_values);
        foreach (var (setting, value) in changed[true]) values[setting] = value;

        var fresh = ConfigurationReader.Read(setting => values[setting], out var faults);
        if (faults.Count > 0)
        {
            Log.Refused(logger, string.Join("; ", faults.Select(static fault => $"{fault.Key} {fault.Fault}")));
            return;
        }

        // The one that was made at the start stays: nobody would know another.
        if (fresh.HasGeneratedPassword) fresh.Accounts.Directory.Password = options.Accounts.Directory.Password;
        services.ReloadTealAccounts(fresh.Accounts);
        services.GetRequiredService<Live<WebhookOptions>>().Replace(fresh.Webhooks);
        foreach (var module in options.Modules) module.Reload(services, fresh);
        foreach (var (setting, value) in changed[true]) _values[setting] = value;
        _files = ConfigurationSources.FilesOf(configuration);
        Log.Done(logger, KeysOf(changed[true]));
        if (changed[false].Any()) Log.NeedRestart(logger, KeysOf(changed[false]));
    }

    // A password that is not set any more stays until a restart: nobody would know the one that is made instead.
    private static bool CountsNow(Setting<TealOptions> setting, string? value) =>
        setting.IsLive && !(setting.Key == "Dispatcher:Password" && string.IsNullOrEmpty(value));

    private static string KeysOf(IEnumerable<(Setting<TealOptions> Setting, string? Value)> entries) =>
        string.Join(", ", entries.Select(static entry => $"Teal:{entry.Setting.Key}")) is { Length: > 0 } keys ? keys : "nothing";

    private static partial class Log
    {
        [LoggerMessage(5014, LogLevel.Information, "The settings were read again (SIGHUP). Changed: {Keys}")]
        public static partial void Done(ILogger logger, string keys);

        [LoggerMessage(
            5018, LogLevel.Error, "The settings were read again (SIGHUP), and all stay as they were, because of this fault: {Fault}")]
        public static partial void Refused(ILogger logger, string fault);

        [LoggerMessage(5019, LogLevel.Warning, "Settings were changed that count after a restart only: {Keys}")]
        public static partial void NeedRestart(ILogger logger, string keys);

        [LoggerMessage(5020, LogLevel.Error, "The settings could not be read again (SIGHUP), and all stay as they were")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
