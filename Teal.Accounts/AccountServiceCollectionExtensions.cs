using Microsoft.Extensions.DependencyInjection;
using Teal.Accounts.Authentication;
using Teal.Accounts.Directory;
using Teal.Accounts.Hashing;
using Teal.Accounts.Issuers;
using Teal.Accounts.Keys;
using Teal.Accounts.Limits;
using Teal.Accounts.Management;
using Teal.Accounts.OneTimePasswords;
using Teal.Accounts.Passwords;
using Teal.Accounts.Renewal;
using Teal.Accounts.Tickets;
using Teal.Core.Configuration;
using Teal.Core.Hosting;
using Teal.Core.Identities;
using Teal.Core.Records;
using Teal.Core.States;

namespace Teal.Accounts;

/// <summary>What knows who somebody is.</summary>
public static class AccountServiceCollectionExtensions
{
    /// <summary>Adds the accounts, and the authenticator. They need an <c>IRecordStore</c> and a <c>TimeProvider</c> beside them.</summary>
    public static IServiceCollection AddTealAccounts(this IServiceCollection services, AccountsOptions options)
    {
        services.AddDirectory(options.Directory).AddPasswords(options.Hashing, options.Failures);
        services.AddSingleton(new Live<IssuersOptions>(options.Issuers)).AddIssuers();
        services.AddKeys(options.Keys).AddOneTimePasswords(options.OneTimePasswords).AddTickets(options.Tickets).AddCredentialChecks();
        return services.AddSingleton<IAuthenticator, Authenticator>().AddSingleton<IIdentityRenewal, IdentityRenewal>();
    }

    /// <summary>Has them go on with the live settings that were read again.</summary>
    public static void ReloadTealAccounts(this IServiceProvider services, AccountsOptions options)
    {
        var accounts = services.GetRequiredService<Live<AccountOptions>>();
        options.Directory.Keep(accounts.Now);
        accounts.Replace(options.Directory);
        services.GetRequiredService<Live<HashingOptions>>().Replace(options.Hashing);
        services.GetRequiredService<Live<FailureOptions>>().Replace(options.Failures);
        services.GetRequiredService<Live<IssuersOptions>>().Replace(options.Issuers);
    }

    // The first that recognizes a credential decides. Passwords are last, as any text can be one.
    private static IServiceCollection AddCredentialChecks(this IServiceCollection services) =>
        services.AddSingleton<ICredentialCheck, TicketCheck>().AddSingleton<ICredentialCheck, KeyCheck>()
            .AddSingleton<ICredentialCheck, OneTimePasswordCheck>().AddSingleton<ICredentialCheck, PasswordCheck>();

    private static IServiceCollection AddDirectory(this IServiceCollection services, AccountOptions options)
    {
        services.AddSingleton(new Live<AccountOptions>(options)).AddSingleton<StoredAccounts>().AddSingleton<IdentityTable>();
        services.AddSingleton<IRedirectRules, RedirectRules>().AddHostedService<TwiceNamedAccounts>();
        services.AddSingleton(static provider => new AccountDirectory(
            provider.GetRequiredService<Live<AccountOptions>>(), provider.GetRequiredService<StoredAccounts>(),
            provider.GetRequiredService<IdentityTable>()));
        return services.AddSingleton(static provider => new AccountService(
            provider.GetRequiredService<StoredAccounts>(), provider.GetRequiredService<Live<AccountOptions>>(),
            provider.GetRequiredService<PasswordHasher>(), provider.GetRequiredService<KeyService>(),
            provider.GetRequiredService<OneTimePasswordService>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static IServiceCollection AddPasswords(this IServiceCollection services, HashingOptions hashing, FailureOptions failures)
    {
        services.AddSingleton(new Live<HashingOptions>(hashing)).AddSingleton<PasswordHasher>();
        services.AddSingleton(provider => new HashThreads(hashing, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IDrainStep>(static provider => provider.GetRequiredService<HashThreads>());
        services.AddSingleton(new Live<FailureOptions>(failures)).AddSingleton<FailureLimits>();
        return services.AddSingleton<RememberedPasswords>().AddSingleton<SharedChecks>();
    }

    private static IServiceCollection AddKeys(this IServiceCollection services, KeyOptions options)
    {
        services.AddSingleton(options).AddSingleton<KeyStore>().AddSingleton<KeyUse>().AddSingleton<KeyIdentities>();
        return services.AddSingleton(static provider => new KeyService(
            provider.GetRequiredService<KeyStore>(), provider.GetRequiredService<AccountDirectory>(),
            provider.GetRequiredService<KeyOptions>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static IServiceCollection AddOneTimePasswords(this IServiceCollection services, OneTimePasswordOptions options) =>
        services.AddSingleton(options).AddSingleton<OneTimePasswordService>();

    private static IServiceCollection AddTickets(this IServiceCollection services, TicketOptions options)
    {
        services.AddSingleton(options).AddSingleton<TicketLimit>();
        return services.AddSingleton(static provider => new TicketService(
            provider.GetRequiredService<IRecordStore>(), provider.GetRequiredService<AccountDirectory>(),
            provider.GetRequiredService<TokenIdentities>(),
            provider.GetRequiredService<TicketLimit>(), provider.GetRequiredService<TicketOptions>(),
            provider.GetRequiredService<TimeProvider>()));
    }
}
