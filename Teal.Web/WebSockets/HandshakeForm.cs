using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Teal.Web.WebSockets;

/// <summary>Whether a request is an opening handshake as RFC 6455, section 4.2.1 wants it.</summary>
internal static class HandshakeForm
{
    // Of the base64 of 16 bytes, in characters.
    private const int KeyLength = 24;

    /// <summary>The answer to one that is not; null: it is one.</summary>
    public static (int Status, string Text)? FaultOf(HttpContext context)
    {
        // The framework would take HTTP/1.0, and several versions of which one is right.
        var request = context.Request;
        if (HttpProtocol.IsHttp10(request.Protocol)) return (StatusCodes.Status426UpgradeRequired, "A websocket needs HTTP/1.1");

        var isOfVersion = request.Headers.SecWebSocketVersion == "13";
        // The framework passes over blanks in the key, and does not bear many of them.
        if (isOfVersion && context.WebSockets.IsWebSocketRequest && context.Request.Headers.SecWebSocketKey.ToString().Length == KeyLength)
            return null;

        return isOfVersion && IsUpgrade(context)
            ? (StatusCodes.Status400BadRequest, "Sec-WebSocket-Key must be the base64 of 16 bytes")
            : (StatusCodes.Status426UpgradeRequired, "This address takes websocket connections (RFC 6455, version 13)");
    }

    private static bool IsUpgrade(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        && context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);
}
