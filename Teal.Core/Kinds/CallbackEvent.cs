using Teal.Core.Events;

namespace Teal.Core.Kinds;

/// <summary>A redirect that arrived for a live state (specification 2.1).</summary>
/// <param name="Timestamp"><inheritdoc cref="TealEvent.Timestamp"/></param>
/// <param name="Url">The whole URL as the end user's browser had it, undecoded.</param>
/// <param name="State">The decoded state.</param>
/// <param name="IsPosted">
/// Whether a form brought its parameters (<c>response_mode=form_post</c>), which then stand in the query of <paramref name="Url"/>.
/// </param>
public sealed record CallbackEvent(DateTime Timestamp, string Url, string State, bool IsPosted = false) : TealEvent(Timestamp)
{
    /// <inheritdoc/>
    public override Topic Topic => new(EventKinds.Callback, State);

    /// <inheritdoc/>
    public override int Size => 2 * (Url.Length + State.Length);
}
