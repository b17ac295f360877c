using Microsoft.Extensions.DependencyInjection;
using Teal.Accounts.Authentication;

namespace Teal.Accounts.Issuers;

/// <summary>What tokens of outside issuers are checked with.</summary>
internal static class IssuerServiceCollectionExtensions
{
    /// <summary>Adds the check. It needs a <c>Live&lt;IssuersOptions&gt;</c> and an <c>AccountDirectory</c> beside it.</summary>
    public static IServiceCollection AddIssuers(this IServiceCollection services)
    {
        services.AddSingleton<KeyDiscovery>().AddSingleton<IssuerBook>();
        services.AddSingleton<RememberedTokens>().AddSingleton<TokenIdentities>();
        services.AddSingleton<IssuerCheck>();
        return services.AddSingleton<ICredentialCheck>(static provider => provider.GetRequiredService<IssuerCheck>());
    }
}
