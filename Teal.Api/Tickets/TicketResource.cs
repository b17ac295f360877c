using Microsoft.AspNetCore.Http;
using Teal.Accounts.Tickets;
using Teal.Api.Audit;
using Teal.Api.Http;
using Teal.Core.Configuration;
using Teal.Web.Door;
using Teal.Web.Requests;

namespace Teal.Api.Tickets;

/// <summary>
/// <c>/tickets</c>: for browsers, which can give nothing but a ticket when they open a websocket. <see cref="ForWebSockets"/> is the same
/// where pages look for it, beside the websocket.
/// </summary>
internal sealed class TicketResource(TicketService tickets, AuditLog audit, Live<DoorOptions>? door = null) : IApiResource
{
    /// <inheritdoc/>
    public IReadOnlyList<ApiRoute> Routes =>
        [new(HttpMethods.Post, "/tickets", ApiRight.Own, (request, token) => MakeAsync(request, static (made, _) => Show(made), token))];

    /// <summary>The route beside the websocket; its path is not below the API's prefix.</summary>
    public ApiRoute ForWebSockets =>
        new(HttpMethods.Post, "/websocket/ticket", ApiRight.Own, (request, token) => MakeAsync(request, ShowWithUrl, token));

    private static ApiResult Show(TicketResult.Made made) =>
        ApiResult.Made(new TicketEntry(made.Text, made.Lifetime.TotalSeconds), TicketForms.Written.TicketEntry);

    private ApiResult ShowWithUrl(TicketResult.Made made, HttpContext context)
    {
        var url = RequestAddress.WebSocketBase(context, door?.Now.PublicUrl) + "/websocket";
        return ApiResult.Made(new WebSocketTicket(made.Text, made.Lifetime.TotalSeconds, url), TicketForms.Written.WebSocketTicket);
    }

    private async ValueTask<ApiResult> MakeAsync(
        ApiRequest request, Func<TicketResult.Made, HttpContext, ApiResult> answer, CancellationToken cancellationToken)
    {
        var input = await request.ReadAsync(cancellationToken, isNeeded: false);
        var (named, origin) = (input.Text("account"), input.Text("origin"));
        if (input.Fault is { } fault) return fault;
        if (request.AccountOf(named, out var wrong) is not { } account) return wrong!;

        var result = await tickets.MakeForAsync(request.By, account, origin ?? request.Origin, cancellationToken);
        if (result is TicketResult.Refused(var reason)) return AccountProblem.Of(reason);

        // Pages make one whenever they connect: that is no change.
        if (account != request.By.Account) audit.Note(request, $"made a ticket of {account}");
        return answer((TicketResult.Made)result, request.Context);
    }
}
