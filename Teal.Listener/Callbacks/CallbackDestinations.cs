using Microsoft.AspNetCore.Http;
using Teal.Core.Addresses;
using Teal.Core.Events;
using Teal.Core.States;
using Teal.Listener.Callbacks.Freestanding;

namespace Teal.Listener.Callbacks;

/// <summary>Knows where states lead: those in the store, and where it is switched on those that say so themselves.</summary>
internal sealed class CallbackDestinations(ICallbackStateStore states, IRedirectRules redirects, ListenerOptions options)
{
    /// <summary>
    /// Null when the state is unknown or expired. Throws what the store throws, and the store of accounts, which may not let a state lead
    /// where it does any more.
    /// </summary>
    /// <param name="state">The decoded state.</param>
    /// <param name="query">The callback's query, undecoded, of which a freestanding state's redirect gets a part.</param>
    /// <param name="request">The request, whose <c>Referer</c> a freestanding state's redirect tells.</param>
    public async ValueTask<CallbackDestination?> FindAsync(string state, ReadOnlyMemory<char> query, HttpRequest request)
    {
        // Some senders decode a plus of base64 to a blank on its way, so a blank that nobody knows may have been one.
        var other = state.Contains(' ') ? state.Replace(' ', '+') : null;
        if (await FindStoredAsync(state) is { } stored) return stored;
        if (other is not null && await FindStoredAsync(other) is { } storedOther) return storedOther;
        return FindFreestanding(state, query, request) ?? (other is null ? null : FindFreestanding(other, query, request));
    }

    private async ValueTask<CallbackDestination?> FindStoredAsync(string state)
    {
        if (await states.FindAsync(state, CancellationToken.None) is not { } stored) return null;

        var url = stored.FinalRedirectUrl;
        var isHeldBack = url is not null && !await redirects.AllowAsync(stored, CancellationToken.None);
        return new CallbackDestination(
            stored.State, stored.WithFragment, url is null || isHeldBack ? null : ToLocation(url), true, stored.ExpiresAt)
        {
            Owner = stored.Owner,
            IsHeldBack = isHeldBack,
        };
    }

    private CallbackDestination? FindFreestanding(string state, ReadOnlyMemory<char> query, HttpRequest request)
    {
        if (!options.PowensRedirectFallback || FreestandingState.Decode(state) is not { } freestanding
            || !IsAllowed(freestanding.RedirectUrl))
            return null;

        // Nobody can register for it, so a redirect is not worth the work.
        if (Topic.IsTooLong(state)) return new CallbackDestination(state, false, null, false, null);

        var hasReferer = !string.IsNullOrEmpty(request.Headers.Referer);
        return new CallbackDestination(
            state, freestanding.WithFragment, FreestandingRedirect.Build(freestanding, query.Span, hasReferer), false, null);
    }

    private bool IsAllowed(HttpUrl url) =>
        options.PowensRedirectHosts.Count == 0 || options.PowensRedirectHosts.Any(pattern => pattern.Matches(url));

    // The stores hold valid URLs only; of those, the ASCII ones go out byte for byte.
    private static string ToLocation(string url) =>
        HttpUrl.TryParse(url, out var parsed, out _)
            ? parsed!.ToAscii() : throw new InvalidDataException("A stored redirect URL is not valid.");
}
