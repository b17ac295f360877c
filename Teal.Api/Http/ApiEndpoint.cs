using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;

namespace Teal.Api.Http;

/// <summary>What each request passes, whatever it asks for: the door, the route, the permission. Nothing is done before.</summary>
internal sealed partial class ApiEndpoint(ApiDoor door, ApiOptions options, TimeProvider clock, ILogger<ApiEndpoint> logger)
{
    private static readonly ApiResult.Problem Unknown = ApiResult.Problem.NotFound("There is nothing at this address.");

    private readonly RepeatedMessage _faults = new(logger, LogLevel.Error, "Requests to the API failed", clock);

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="routes">Those of its path; empty: there are none.</param>
    public async Task HandleAsync(HttpContext context, IReadOnlyList<ApiRoute> routes) =>
        await ApiAnswer.WriteAsync(context, await FindResultAsync(context, routes));

    private async ValueTask<ApiResult> FindResultAsync(HttpContext context, IReadOnlyList<ApiRoute> routes)
    {
        var (sender, problem) = await door.AskAsync(context);
        if (problem is not null) return problem;
        if (routes.Count == 0) return Unknown;
        if (routes.FirstOrDefault(route => route.Takes(context.Request.Method)) is not { } route) return NotTaken(routes);
        if (FaultOfQuery(context.Request.Query, route.Parameters) is { } fault) return ApiResult.Problem.Invalid(fault);

        var request = new ApiRequest(context, sender!.Identity, sender.From, options.MaximumBodySize);
        if (route.Right == ApiRight.Admin && !request.IsByAdmin)
            return ApiResult.Problem.NotAllowed($"{route.Method} {route.Path} needs the permission admin.");
        return await DoAsync(context, route, request);
    }

    private async ValueTask<ApiResult> DoAsync(HttpContext context, ApiRoute route, ApiRequest request)
    {
        // A thread that watches the sockets has others to serve.
        if (!Thread.CurrentThread.IsThreadPoolThread) await Task.Yield();
        try
        {
            return await route.HandleAsync(request, context.RequestAborted);
        }
        catch (BadHttpRequestException exception)
        {
            // The web server found the body to be too large, too slow or malformed, and closes the connection behind the answer.
            context.Response.Headers.Connection = "close";
            return new ApiResult.Problem(exception.StatusCode, "invalid_message", "The body is too long, too slow or malformed.");
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            var isStore = exception is StoreException;
            if (_faults.IsNew(exception.GetType().Name))
                Log.Failed(logger, isStore ? null : exception, StoreException.Describe(exception), request.Id);
            return isStore
                ? ApiResult.Problem.Unavailable("The store cannot be reached now, please try again; the log says why.")
                : new ApiResult.Problem(
                    StatusCodes.Status500InternalServerError, "internal_error", "A fault of the server, which its log tells.");
        }
    }

    private static ApiResult.Problem NotTaken(IReadOnlyList<ApiRoute> routes)
    {
        var methods = routes.Select(static route => route.Method)
            .SelectMany(static method => HttpMethods.IsGet(method) ? [method, HttpMethods.Head] : (string[])[method]);
        var allow = string.Join(", ", methods);
        return new ApiResult.Problem(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"This address takes {allow}.")
        {
            Allow = allow,
        };
    }

    private static string? FaultOfQuery(IQueryCollection query, IReadOnlyList<string> known)
    {
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name))
            {
                var there = known.Count > 0 ? string.Join(", ", known) : "none";
                return $"The query parameter {ApiInput.Quote(name)} is not known here; there is {there}.";
            }

            if (values.Count != 1) return $"The query parameter \"{name}\" must be there once.";
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(10011, LogLevel.Error, "A request to the API failed: {Fault} (request {RequestId})")]
        public static partial void Failed(ILogger logger, Exception? exception, string fault, string requestId);
    }
}
