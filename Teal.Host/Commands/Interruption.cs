using System.Runtime.InteropServices;

namespace Teal.Host.Commands;

/// <summary>Ctrl-C and SIGTERM, as a token.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private bool _isOver;

    public Interruption()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel),
        ];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>128 and the signal's number, as shells have it.</summary>
    public int ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        lock (_gate)
        {
            _isOver = true;
            _source.Dispose();
        }
    }

    private void Cancel(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            // A second signal may still be handled when the first has ended the command.
            if (_isOver) return;

            ExitCode = context.Signal == PosixSignal.SIGINT ? 130 : 143;
            _source.Cancel();
        }
    }
}
