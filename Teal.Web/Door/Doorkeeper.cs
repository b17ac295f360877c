using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Hosting;
using Teal.Core.Identities;

namespace Teal.Web.Door;

/// <summary>Decides who is let in, and lets nobody guess.</summary>
internal sealed partial class Doorkeeper(
    IAuthenticator authenticator, GuessBrake brake, Live<DoorOptions> options, TimeProvider clock, ILogger<Doorkeeper> logger)
{
    private readonly RepeatedMessage _refused =
        new(logger, LogLevel.Warning, "Handshakes without a valid user and password were refused", clock);

    /// <summary>Who a handshake's credential proves to be. Where it is wrong the answer takes its time.</summary>
    /// <param name="request">The handshake.</param>
    /// <param name="network">Where it comes from.</param>
    /// <param name="standsForMany">Whether many clients come from there.</param>
    public async ValueTask<Admission> DecideAsync(HttpRequest request, ClientNetwork network, bool standsForMany)
    {
        if (brake.WaitOf(network, standsForMany) is var wait && wait > TimeSpan.Zero) return Refuse(request, network, wait);

        // Who gives none, as clients do that wait to be asked, or none that can be read, guesses nothing.
        if (HandshakeCredential.From(request) is not { } credential) return Refuse(request, network, TimeSpan.Zero);
        if (await authenticator.AuthenticateAsync(credential, request.HttpContext.RequestAborted) is { } identity)
            return new Admission(identity, TimeSpan.Zero);

        var isHeld = await brake.HoldAsync(brake.Note(network));
        return Refuse(request, network, isHeld ? TimeSpan.Zero : options.Now.GuessDelay);
    }

    private Admission Refuse(HttpRequest request, ClientNetwork network, TimeSpan wait)
    {
        var address = network.ToString();
        if (_refused.IsNew(address)) Log.Refused(logger, address, request.HttpContext.TraceIdentifier);
        return Admission.Refused with { Wait = wait };
    }

    private static partial class Log
    {
        [LoggerMessage(
            8023, LogLevel.Warning, "A handshake without a valid user and password was refused (from {Address}, request {RequestId})")]
        public static partial void Refused(ILogger logger, string address, string requestId);
    }
}
