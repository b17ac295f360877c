using Microsoft.AspNetCore.Http;
using Teal.Accounts.Keys;
using Teal.Api.Audit;
using Teal.Api.Http;

namespace Teal.Api.Keys;

/// <summary><c>/keys</c>: the API keys of accounts.</summary>
internal sealed class KeyResource(KeyService keys, AuditLog audit) : IApiResource
{
    private const string Path = "/keys", PathOfOne = "/keys/{id}";

    private static readonly ApiResult.Problem Unknown = ApiResult.Problem.NotFound("There is no such key, or it is another's.");

    /// <inheritdoc/>
    public IReadOnlyList<ApiRoute> Routes =>
    [
        new(HttpMethods.Get, Path, ApiRight.Own, ListAsync) { Parameters = ["account", .. ApiRoute.OfPages] },
        new(HttpMethods.Post, Path, ApiRight.Own, MakeAsync),
        new(HttpMethods.Get, PathOfOne, ApiRight.Own, ShowAsync),
        new(HttpMethods.Delete, PathOfOne, ApiRight.Own, RevokeAsync),
    ];

    private async ValueTask<ApiResult> ListAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (request.AccountOf(request.Parameter("account"), out var fault) is not { } account) return fault!;
        if (await keys.ListAsync(request.By, account, cancellationToken) is not { } found)
            return ApiResult.Problem.NotAllowed("The keys of other accounts need the permission admin.");

        var (page, wrong) = await request.TakePageAsync(found.ToAsyncEnumerable(), static key => key.Id, cancellationToken);
        return page is null ? wrong! : ApiResult.Of(new KeyPage([.. page.Items.Select(KeyEntry.Of)], page.Next), KeyForms.Written.KeyPage);
    }

    private async ValueTask<ApiResult> MakeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var input = await request.ReadAsync(cancellationToken);
        var (named, label, permissions) = (input.Text("account"), input.Text("label"), input.Texts("permissions"));
        var end = input.Instant("expires_at");
        if (input.Fault is { } fault) return fault;
        if (request.AccountOf(named, out var wrong) is not { } account) return wrong!;

        var wish = new KeyWish(account, label ?? "", permissions, end);
        var result = await keys.MakeAsync(request.By, wish, cancellationToken);
        if (result is KeyResult.Refused(var reason)) return AccountProblem.Of(reason);

        var (key, text) = (KeyResult.Made)result;
        audit.Note(request, $"made the key {key.Id} of {key.Account}");
        return ApiResult.Made(new MadeKey(KeyEntry.Of(key), text), KeyForms.Written.MadeKey, $"keys/{key.Id}");
    }

    private async ValueTask<ApiResult> ShowAsync(ApiRequest request, CancellationToken cancellationToken) =>
        await keys.FindAsync(request.By, request.Part("id"), cancellationToken) is { } key
            ? ApiResult.Of(KeyEntry.Of(key), KeyForms.Written.KeyEntry) : Unknown;

    private async ValueTask<ApiResult> RevokeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var id = request.Part("id");
        if (await keys.FindAsync(request.By, id, cancellationToken) is not { } key
            || !await keys.RevokeAsync(request.By, id, cancellationToken)) return Unknown;

        audit.Note(request, $"revoked the key {key.Id} of {key.Account}");
        return ApiResult.Done;
    }
}
