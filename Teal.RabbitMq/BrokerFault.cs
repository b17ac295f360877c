using System.Security.Authentication;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Teal.RabbitMq;

/// <summary>Why the broker cannot be used.</summary>
/// <param name="Reason">For an operator: no user and no password.</param>
/// <param name="IsRefusal">Whether it names what to put right; false: only that there is no answer.</param>
internal readonly record struct BrokerFault(string Reason, bool IsRefusal)
{
    /// <summary>What the library threw, in an operator's words.</summary>
    public static BrokerFault From(Exception exception)
    {
        // The library's messages name hosts and ports, and neither user nor password.
        var message = exception.GetBaseException().Message;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationFailureException:
                    return new BrokerFault("user or password were refused", IsRefusal: true);
                case AuthenticationException:
                    return new BrokerFault("its certificate is not trusted here, not for this host, or over", IsRefusal: true);
                case OperationInterruptedException { ShutdownReason: { Initiator: ShutdownInitiator.Peer } reason }
                    when IsLasting(reason.ReplyCode):
                    return new BrokerFault(message, IsRefusal: true);
            }
        }

        return new BrokerFault(message, IsRefusal: false);
    }

    // A broker that ends closes connections too, and that passes by itself.
    private static bool IsLasting(ushort replyCode) => replyCode is Constants.AccessRefused or Constants.NotAllowed or Constants.NotFound
        or Constants.PreconditionFailed or Constants.ResourceLocked;
}
