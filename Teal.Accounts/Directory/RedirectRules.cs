using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Identities;
using Teal.Core.States;

namespace Teal.Accounts.Directory;

/// <summary>
/// Knows where states may lead by their makers' lists as they are now. An account of the store is asked for as for a login, and remembered
/// for a second; nobody is asked for <c>anonymous</c>, which the settings have.
/// </summary>
internal sealed class RedirectRules(AccountDirectory directory, Live<AccountOptions> live) : IRedirectRules
{
    /// <inheritdoc/>
    public ValueTask<bool> AllowAsync(CallbackState state, CancellationToken cancellationToken)
    {
        var maker = StateMaker.Of(state);
        if (maker.Account != Identity.AnonymousName) return AllowAsync(state, maker, cancellationToken);

        var options = live.Now;
        return ValueTask.FromResult(
            options.RedirectsOf(options.AnonymousRedirects, null, state.Owner).Allows(state.FinalRedirectUrl));
    }

    // Of an account that is none of Teal's own, or is gone, the lists of its role and team are left.
    private async ValueTask<bool> AllowAsync(CallbackState state, StateMaker maker, CancellationToken cancellationToken)
    {
        var account = await directory.FindAsync(maker.Account, cancellationToken);
        var redirects = account is null
            ? live.Now.RedirectsOf(RedirectList.Any, maker.Role, state.Owner) : directory.IdentityOf(account).Redirects;
        return redirects.Allows(state.FinalRedirectUrl);
    }
}
