using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>
/// Has the settings read again on SIGHUP. A closing terminal sends it too: a server does not end by it.
/// </summary>
internal sealed class ReloadSignal(SettingReload reload, SettingSource source) : IHostedService, IDisposable
{
    private PosixSignalRegistration? _registration;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            reload.Run();
        });
        if (source.IsDue) reload.Run();
        return Task.CompletedTask;
    }

    /// <summary>Does nothing: also while it stops, it is not to end before its time.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _registration?.Dispose();
}
