using Microsoft.Extensions.DependencyInjection;
using Teal.Accounts.Authentication;
using Teal.Accounts.Directory;
using Teal.Accounts.Keys;
using Teal.Accounts.OneTimePasswords;
using Teal.Accounts.Passwords;
using Teal.Accounts.Renewal;
using Teal.Accounts.Tickets;
using Teal.Core.Configuration;
using Teal.Core.Identities;
using Teal.Core.Records;

namespace Teal.Accounts;

/// <summary>What knows who somebody is.</summary>
public static class AccountServiceCollectionExtensions
{
    /// <summary>Adds the accounts, and the authenticator. They need an <c>IRecordStore</c> and a <c>TimeProvider</c> beside them.</summary>
    public static IServiceCollection AddTealAccounts(
        this IServiceCollection services, AccountOptions options, KeyOptions keys, OneTimePasswordOptions oneTimePasswords,
        TicketOptions tickets)
    {
        services.AddSingleton(new Live<AccountOptions>(options)).AddSingleton<AccountDirectory>().AddSingleton<AccountIdentities>();
        services.AddKeys(keys).AddOneTimePasswords(oneTimePasswords).AddTickets(tickets).AddCredentialChecks();
        return services.AddSingleton<IAuthenticator, Authenticator>().AddSingleton<IIdentityRenewal, IdentityRenewal>();
    }

    // The first that recognizes a credential decides. Passwords are last, as any text can be one.
    private static IServiceCollection AddCredentialChecks(this IServiceCollection services) =>
        services.AddSingleton<ICredentialCheck, TicketCheck>().AddSingleton<ICredentialCheck, KeyCheck>()
            .AddSingleton<ICredentialCheck, OneTimePasswordCheck>().AddSingleton<ICredentialCheck, PasswordCheck>();

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
            provider.GetRequiredService<IRecordStore>(), provider.GetRequiredService<TicketLimit>(),
            provider.GetRequiredService<TicketOptions>(), provider.GetRequiredService<TimeProvider>()));
    }
}
