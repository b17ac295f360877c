using Microsoft.AspNetCore.Http;
using Teal.Api.Http;

namespace Teal.Api.Status;

/// <summary><c>/status</c>: how the process is doing that answers.</summary>
internal sealed class StatusResource(IServerStatus server) : IApiResource
{
    /// <inheritdoc/>
    public IReadOnlyList<ApiRoute> Routes => [new(HttpMethods.Get, "/status", ApiRight.Admin, ShowAsync)];

    private async ValueTask<ApiResult> ShowAsync(ApiRequest request, CancellationToken cancellationToken) =>
        ApiResult.Of(await server.AskAsync(cancellationToken), StatusJson.Written.ServerStatus);
}
