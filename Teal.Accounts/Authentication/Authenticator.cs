using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Core.Identities;

namespace Teal.Accounts.Authentication;

/// <summary>Has each credential decided on by the check that its form belongs to (specification 8.3).</summary>
internal sealed partial class Authenticator(IEnumerable<ICredentialCheck> checks, TimeProvider clock, ILogger<Authenticator> logger)
    : IAuthenticator
{
    /// <summary>When somebody may ask again whom nobody could answer.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ICredentialCheck[] _checks = [.. checks];
    private readonly RepeatedMessage _failed =
        new(logger, LogLevel.Error, "Credentials could not be checked", clock);

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult> AuthenticateAsync(
        Credential credential, Arrival arrival, CancellationToken cancellationToken)
    {
        if (Array.Find(_checks, check => check.Recognizes(credential)) is not { } found) return AuthenticationResult.NotProven;

        try
        {
            return await found.CheckAsync(credential, arrival, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var fault = StoreException.Describe(exception);
            if (_failed.IsNew(fault)) Log.Failed(logger, fault);
            return new AuthenticationResult.Unavailable(Pause);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9001, LogLevel.Error, "A credential could not be checked ({Fault}); whoever brought it is told to try again")]
        public static partial void Failed(ILogger logger, string fault);
    }
}
