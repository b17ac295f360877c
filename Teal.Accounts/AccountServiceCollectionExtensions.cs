using Microsoft.Extensions.DependencyInjection;
using Teal.Accounts.Authentication;
using Teal.Accounts.Directory;
using Teal.Accounts.Passwords;
using Teal.Core.Configuration;
using Teal.Core.Identities;

namespace Teal.Accounts;

/// <summary>What knows who somebody is.</summary>
public static class AccountServiceCollectionExtensions
{
    /// <summary>Adds the accounts, and the authenticator. They need an <c>IRecordStore</c> and a <c>TimeProvider</c> beside them.</summary>
    public static IServiceCollection AddTealAccounts(this IServiceCollection services, AccountOptions options)
    {
        services.AddSingleton(new Live<AccountOptions>(options)).AddSingleton<AccountDirectory>();
        return services.AddCredentialChecks().AddSingleton<IAuthenticator, Authenticator>();
    }

    // The first that recognizes a credential decides. Passwords are last, as any text can be one.
    private static IServiceCollection AddCredentialChecks(this IServiceCollection services) =>
        services.AddSingleton<ICredentialCheck, PasswordCheck>();
}
