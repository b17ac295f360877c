using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Teal.Core.Hosting;
using Teal.Web.Answers;
using Teal.Web.Pages;
using Teal.Web.Requests;

namespace Teal.Host.Serving;

/// <summary>
/// The last resort: turns a fault that nobody expected, and an error without a text, into one plain line, or into a page where
/// the end user of a browser came to the listener.
/// </summary>
internal sealed partial class FaultMiddleware(
    RequestDelegate next, ILogger<FaultMiddleware> logger, TimeProvider clock, PageRenderer? pages = null)
{
    private readonly RepeatedMessage _faults = new(logger, LogLevel.Error, "Requests failed", clock);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            // The server found the request's body to be too large (413), too slow (408) or malformed (400), and closes the
            // connection behind the answer.
            Log.BadRequest(logger, exception.StatusCode, context.TraceIdentifier);
            Restart(context, exception.StatusCode);
            context.Response.Headers.Connection = "close";
        }
        catch (Exception exception)
            when (IsLost(exception) || (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
        {
            // The client went away, or this process closed the connection; there is nobody to answer.
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            if (_faults.IsNew(exception.GetType().Name)) Log.Fault(logger, exception, context.TraceIdentifier);
            Restart(context, StatusCodes.Status500InternalServerError);
        }

        var response = context.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentType is null && response.ContentLength is null)
        {
            if (pages is not null && context.Features.Get<ModuleEndpoint>()?.HasPages == true
                && BrowserPreference.PrefersHtml(context.Request))
            {
                await pages.WriteAsync(context, KindOf(response.StatusCode));
                return;
            }

            await Answer.LineAsync(context, response.StatusCode, ReasonPhrases.GetReasonPhrase(response.StatusCode));
        }
    }

    private static PageKind KindOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => PageKind.Nothing,
        StatusCodes.Status503ServiceUnavailable => PageKind.Unavailable,
        _ => PageKind.Wrong,
    };

    private static bool IsLost(Exception? exception) =>
        exception is ConnectionAbortedException or ConnectionResetException || (exception is not null && IsLost(exception.InnerException));

    private static void Restart(HttpContext context, int status)
    {
        context.Response.Clear();
        RequestIdMiddleware.SetHeader(context);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.StatusCode = status;
    }

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Error, "A request failed (request {RequestId})")]
        public static partial void Fault(ILogger logger, Exception exception, string requestId);

        [LoggerMessage(
            5002, LogLevel.Debug,
            "A request whose body is too large, too slow or malformed was refused with {Status} (request {RequestId})")]
        public static partial void BadRequest(ILogger logger, int status, string requestId);
    }
}
