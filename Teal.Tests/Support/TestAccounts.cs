using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Identities;

namespace Teal.Tests.Support;

/// <summary>
/// Accounts of a test, each with the password of <see cref="TestServer"/>, beside those that the server has. They stay as they are.
/// </summary>
internal sealed class TestAccounts(IAuthenticator others, IReadOnlyList<Identity> accounts) : IAuthenticator, IIdentityRenewal
{
    /// <summary>Has the server know them.</summary>
    public static Action<IServiceCollection> Of(params Identity[] accounts) => services => services
        .Decorate<IAuthenticator>(others => new TestAccounts(others, accounts))
        .AddSingleton(static provider => (IIdentityRenewal)provider.GetRequiredService<IAuthenticator>());

    /// <summary>An account.</summary>
    public static Identity Account(string name, string team, params string[] permissions) =>
        new() { Account = name, Team = team, Permissions = Permissions.Of(permissions) };

    public ValueTask<Identity?> RenewAsync(Identity identity, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Identity?>(identity);

    public async ValueTask<AuthenticationResult> AuthenticateAsync(
        Credential credential, Arrival arrival, CancellationToken cancellationToken) =>
        credential is Credential.Password { Secret: TestServer.Password } password
        && accounts.FirstOrDefault(account => account.Account == password.User) is { } known
            ? new AuthenticationResult.Accepted(known) : await others.AuthenticateAsync(credential, arrival, cancellationToken);
}
