using Microsoft.AspNetCore.Http;
using Teal.Api.Audit;
using Teal.Api.Http;
using Teal.Core.Identities;
using Teal.Webhooks.Directory;
using Teal.Webhooks.Management;

namespace Teal.Api.Webhooks;

/// <summary><c>/webhooks</c>: the webhooks of one's own team, and for administrators of any.</summary>
internal sealed class WebhookResource(WebhookService webhooks, WebhookAddresses addresses, AuditLog audit) : IApiResource
{
    private const string Path = "/webhooks", PathOfOne = "/webhooks/{name}", PathOfRotation = "/webhooks/{name}/rotate";

    private static readonly string[] OfTeam = ["team"];

    private static readonly ApiResult.Problem Unknown = ApiResult.Problem.NotFound("There is no such webhook, or it is another team's.");

    /// <inheritdoc/>
    public IReadOnlyList<ApiRoute> Routes =>
    [
        new(HttpMethods.Get, Path, ApiRight.Own, ListAsync) { Parameters = ["team", .. ApiRoute.OfPages] },
        new(HttpMethods.Get, PathOfOne, ApiRight.Own, ShowAsync) { Parameters = OfTeam },
        new(HttpMethods.Put, PathOfOne, ApiRight.Own, PutAsync) { Parameters = OfTeam },
        new(HttpMethods.Delete, PathOfOne, ApiRight.Own, DeleteAsync) { Parameters = OfTeam },
        new(HttpMethods.Post, PathOfRotation, ApiRight.Own, RotateAsync) { Parameters = OfTeam },
    ];

    private async ValueTask<ApiResult> ListAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var all = webhooks.ListAsync(request.By, TeamOf(request), cancellationToken);
        var (page, fault) = await request.TakePageAsync(all, static webhook => webhook.Name, cancellationToken);
        return page is null ? fault!
            : ApiResult.Of(new WebhookPage([.. page.Items.Select(EntryOf)], page.Next), WebhookForms.Written.WebhookPage);
    }

    private async ValueTask<ApiResult> ShowAsync(ApiRequest request, CancellationToken cancellationToken) =>
        await webhooks.FindAsync(request.By, TeamOf(request), request.Part("name"), cancellationToken) is { } webhook
            ? ApiResult.Of(EntryOf(webhook), WebhookForms.Written.WebhookEntry) : Unknown;

    private async ValueTask<ApiResult> PutAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var input = await request.ReadAsync(cancellationToken);
        var wish = new WebhookWish(request.Part("name"), input.Text("provider") ?? "")
        {
            Secrets = input.Texts("secrets") ?? [],
            VerifyToken = input.Text("verify_token"),
            Tolerance = input.Number("tolerance") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Path = input.Text("path"),
            Enforces = input.Flag("enforce") ?? true,
            TakesSubpaths = input.Flag("subpaths") ?? false,
            Methods = input.Texts("methods"),
            IsEnabled = input.Flag("enabled") ?? true,
        };
        if (input.Fault is { } fault) return fault;

        var result = await webhooks.PutAsync(request.By, TeamOf(request), wish, cancellationToken);
        if (result.Webhook is not { } webhook) return ProblemOf(result.Fault!);

        audit.Note(request, $"{(result.Former is null ? "made" : "changed")} the webhook {webhook.Key}");
        return result.Former is not null ? ApiResult.Of(EntryOf(webhook), WebhookForms.Written.WebhookEntry)
            : ApiResult.Made(EntryOf(webhook), WebhookForms.Written.WebhookEntry, webhook.Name);
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var result = await webhooks.DeleteAsync(request.By, TeamOf(request), request.Part("name"), cancellationToken);
        if (result.Webhook is not { } webhook) return ProblemOf(result.Fault!);

        audit.Note(request, $"removed the webhook {webhook.Key}");
        return ApiResult.Done;
    }

    private async ValueTask<ApiResult> RotateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var input = await request.ReadAsync(cancellationToken);
        var (secret, kept, hasNewAddress) = (input.Text("secret"), input.Number("keep") ?? 1, input.Flag("url") ?? false);
        if (kept is < 0 or > 9 || kept % 1 != 0) input.Refuse("keep", "must be a whole number from 0 to 9");
        if (input.Fault is { } fault) return fault;

        var (team, name) = (TeamOf(request), request.Part("name"));
        var result = await webhooks.RotateAsync(request.By, team, name, secret, (int)kept, hasNewAddress, cancellationToken);
        if (result.Webhook is not { } webhook) return ProblemOf(result.Fault!);

        audit.Note(request, $"rotated {(hasNewAddress ? "the address" : "a secret")} of the webhook {webhook.Key}");
        return ApiResult.Of(EntryOf(webhook), WebhookForms.Written.WebhookEntry);
    }

    // Whoever comes by the socket has no team: what he makes is for the account that there is without any.
    private static string TeamOf(ApiRequest request) => request.Parameter("team")
        ?? (AccountName.IsNormal(request.By.Team) ? request.By.Team : Identity.AnonymousName);

    private WebhookEntry EntryOf(Webhook webhook) => WebhookEntry.Of(webhook, addresses);

    private static ApiResult.Problem ProblemOf(WebhookFault fault) => fault.Code switch
    {
        WebhookFaultCode.NotAllowed => ApiResult.Problem.NotAllowed(fault.Detail),
        WebhookFaultCode.NotFound => ApiResult.Problem.NotFound(fault.Detail),
        WebhookFaultCode.TooMany => ApiResult.Problem.TooMany(fault.Detail),
        WebhookFaultCode.PathTaken => new ApiResult.Problem(StatusCodes.Status409Conflict, "taken", fault.Detail),
        WebhookFaultCode.OfSettings => new ApiResult.Problem(StatusCodes.Status409Conflict, "of_settings", fault.Detail),
        WebhookFaultCode.Conflict => new ApiResult.Problem(StatusCodes.Status409Conflict, "conflict", fault.Detail),
        _ => ApiResult.Problem.Invalid(fault.Detail),
    };
}
