using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Teal.Core.Addresses;

namespace Teal.Listener.Http;

/// <summary>Reads request bodies whole, and answers the requests whose bodies it cannot read.</summary>
internal sealed partial class BodyReader(
    BodyBudget budget, BodyTurns turns, ListenerOptions options, TimeProvider clock, ILogger<BodyReader> logger)
{
    /// <summary>
    /// The body, decoded where it was compressed, to be disposed once the request is answered; null: there is none, and the request is
    /// answered. The web server's exceptions for a body that is too large, too slow or malformed pass through; the pipeline answers them.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="maximumSize">The longest body, in bytes, if that is less than the listener takes anyway.</param>
    /// <param name="isRaw">Whether it is left as it came, also where it was compressed.</param>
    public async ValueTask<RequestBody?> ReadAsync(HttpContext context, long maximumSize, bool isRaw = false)
    {
        var coding = isRaw ? ContentCoding.None : ContentCodings.Of(context.Request);
        if (coding == ContentCoding.Unknown)
        {
            await RefuseCodingAsync(context);
            return null;
        }

        var limit = Math.Min(maximumSize, options.MaximumBodySize);
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = limit;

        var address = context.Connection.RemoteIpAddress;
        var body = new RequestBody(budget, turns, context.Request.BodyReader, context.Request.ContentLength, limit)
        {
            Client = address is null || options.StandsForMany(address) ? null : ClientNetwork.Of(address),
        };
        var isRead = false;
        try
        {
            isRead = await body.ReadAsync(clock, options.BodyTimeout) && (coding == ContentCoding.None || await body.DecodeAsync(coding));
        }
        catch (InvalidDataException)
        {
            // As RFC 9110 section 15.5.16 has it, also where only the bytes themselves show it.
            await RefuseCodingAsync(context);
            return null;
        }
        finally
        {
            if (!isRead) body.Dispose();
        }

        if (isRead) return body;

        await RefuseAsync(context, body.Fault);
        return null;
    }

    private static Task RefuseCodingAsync(HttpContext context)
    {
        context.Response.Headers.AcceptEncoding = ContentCodings.Accepted;
        return ListenerAnswer.TextAsync(
            context, StatusCodes.Status415UnsupportedMediaType,
            "The content encoding is not taken, or the body is not what it says: " +
            $"send the body as it is, or in one of {ContentCodings.Accepted}");
    }

    private Task RefuseAsync(HttpContext context, BodyFault? fault)
    {
        Log.NotRead(logger, fault, context.TraceIdentifier);
        if (fault == BodyFault.Lost)
        {
            // Nobody is there to answer, and the web server must not try to read the rest.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Headers.Connection = "close";
        return fault == BodyFault.TooSlow
            ? ListenerAnswer.TextAsync(context, StatusCodes.Status408RequestTimeout, "Request Timeout")
            : ListenerAnswer.UnavailableAsync(context, options);
    }

    private static partial class Log
    {
        [LoggerMessage(2031, LogLevel.Debug, "A request's body was not read: {Fault} (request {RequestId})")]
        public static partial void NotRead(ILogger logger, BodyFault? fault, string requestId);
    }
}
