using System.Net;
using System.Net.WebSockets;

namespace Teal.Client;

/// <summary>A connection, or what was asked for by it, failed. Its message is for logs; programs decide by <see cref="Fault"/>.</summary>
public sealed class TealException : Exception
{
    // Faults that the dispatcher may be over with when it is asked again.
    private static readonly string[] PassingCodes = ["state_not_stored", "not_registered"];

    internal TealException(TealFault fault, Exception? innerException = null)
        : base(null, innerException) => Fault = fault;

    /// <summary>What failed.</summary>
    public TealFault Fault { get; }

    /// <summary>The code of a <see cref="TealFault.Refused"/> as the dispatcher sent it (specification 3.3); else null.</summary>
    public string? Code { get; internal init; }

    /// <summary>The dispatcher's words for people; null: it had none.</summary>
    public string? Detail { get; internal init; }

    /// <summary>The address that the fault is about, where it is another than the dispatcher's; else null.</summary>
    public Uri? Address { get; internal init; }

    /// <summary>The status of an HTTP answer that the fault is about; else null.</summary>
    public HttpStatusCode? Status { get; internal init; }

    /// <inheritdoc/>
    public override string Message =>
        string.Join(' ', new object?[] { Fault, (int?)Status, Code, Address, Detail }.Where(static part => part is not null));

    /// <summary>Whether it may be over when it is tried again. Enumerations try again by themselves, and never throw such a one.</summary>
    public bool IsTransient =>
        Fault is TealFault.Unreachable or TealFault.HandshakeRefused or TealFault.ConnectionBroken or TealFault.ConnectionClosed
        || PassingCodes.Contains(Code);

    /// <summary>Whether an exception says that a connection broke or took too long, and not that the caller cancelled.</summary>
    internal static bool IsBreak(Exception exception, CancellationToken cancellationToken) =>
        exception is WebSocketException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
