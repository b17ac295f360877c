using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Teal.Api.Audit;
using Teal.Api.Http;
using Teal.Web.Sessions;

namespace Teal.Api.Connections;

/// <summary>
/// <c>/connections</c>: the clients that are connected to the process that answers (specification 8.7). Each account has its own, and
/// whoever came with a key those that came with it, too; an administrator has all.
/// </summary>
internal sealed class ConnectionResource(AuditLog audit, ChannelTable? channels = null) : IApiResource
{
    private const string Path = "/connections", PathOfOne = "/connections/{id}";

    private static readonly ApiResult.Problem Unknown =
        ApiResult.Problem.NotFound("This process has no such connection, or it is another's.");

    // Numbers are those of a process, and another one is not to end what somebody saw here.
    private readonly string _process = RandomNumberGenerator.GetHexString(8, lowercase: true);

    /// <inheritdoc/>
    public IReadOnlyList<ApiRoute> Routes =>
    [
        new(HttpMethods.Get, Path, ApiRight.Own, ListAsync) { Parameters = ApiRoute.OfPages },
        new(HttpMethods.Get, PathOfOne, ApiRight.Own, ShowAsync),
        new(HttpMethods.Delete, PathOfOne, ApiRight.Own, EndAsync),
    ];

    private async ValueTask<ApiResult> ListAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var all = ClientsOf(request).ToAsyncEnumerable();
        var (page, fault) = await request.TakePageAsync(all, client => IdOf(client.Key), cancellationToken);
        if (page is null) return fault!;

        var shown = new ConnectionPage([.. page.Items.Select(Describe)], page.Next);
        return ApiResult.Of(shown, ConnectionForms.Written.ConnectionPage);
    }

    private ValueTask<ApiResult> ShowAsync(ApiRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(
        Find(request) is { } client ? ApiResult.Of(Describe(client), ConnectionForms.Written.ConnectionEntry) : Unknown);

    private ValueTask<ApiResult> EndAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (Find(request) is not { } client) return ValueTask.FromResult<ApiResult>(Unknown);

        // It may take its client some seconds to say farewell.
        _ = client.Key.CloseAsync(CloseReason.Ended);
        audit.Note(request, $"ended the connection {IdOf(client.Key)} of {client.Key.Identity?.Account ?? "nobody"}");
        return ValueTask.FromResult(ApiResult.Done);
    }

    private KeyValuePair<ClientChannel, IClientSession>? Find(ApiRequest request)
    {
        var id = request.Part("id");
        foreach (var client in ClientsOf(request))
        {
            if (IdOf(client.Key) == id) return client;
        }

        return null;
    }

    private IEnumerable<KeyValuePair<ClientChannel, IClientSession>> ClientsOf(ApiRequest request)
    {
        var (by, isAdmin) = (request.By, request.IsByAdmin);
        return (channels?.Clients ?? []).Where(client => isAdmin
            || (client.Key.Identity is { } identity && identity.Account == by.Account
                && (by.MayMakeCredentials || identity.KeyId == by.KeyId)));
    }

    private ConnectionEntry Describe(KeyValuePair<ClientChannel, IClientSession> client)
    {
        var (channel, session) = client;
        return new ConnectionEntry(
            IdOf(channel), channel.Identity?.Account, channel.Identity?.KeyId, session.Protocol ?? "classic", channel.OpenedAt,
            channel.Client?.ToString(), session.CountTopics()?.ToDictionary(static kind => kind.Key.ShortName, static kind => kind.Value),
            channel.Queue.Share);
    }

    // As long for each, so that they are in the order of their numbers.
    private string IdOf(ClientChannel channel) => string.Create(CultureInfo.InvariantCulture, $"{_process}-{channel.Number:x10}");
}
