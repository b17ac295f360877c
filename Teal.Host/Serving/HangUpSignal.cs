using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Teal.Host.Serving;

/// <summary>
/// Passes over SIGHUP, by which others are told to read their settings again, and which a closing terminal sends: a server
/// does not end by it.
/// </summary>
internal sealed partial class HangUpSignal(ILogger<HangUpSignal> logger) : IHostedService, IDisposable
{
    private PosixSignalRegistration? _registration;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, PassOver);
        return Task.CompletedTask;
    }

    /// <summary>Does nothing: also while it stops, it is not to end before its time.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _registration?.Dispose();

    private void PassOver(PosixSignalContext context)
    {
        context.Cancel = true;
        Log.PassedOver(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(
            5014, LogLevel.Information, "SIGHUP is passed over: settings are read at the start alone. SIGTERM ends the process in order")]
        public static partial void PassedOver(ILogger logger);
    }
}
