using Microsoft.AspNetCore.Http;

namespace Teal.Listener.Http;

/// <summary>Tells requests of browsers that fetch an address ahead of their user's visit.</summary>
internal static class Prefetch
{
    // Of Chromium and WebKit today, of both formerly, and of Firefox.
    private static readonly string[] Headers = ["Sec-Purpose", "Purpose", "X-Moz"];

    /// <summary>Whether it is one.</summary>
    public static bool IsAskedFor(HttpRequest request)
    {
        foreach (var name in Headers)
        {
            foreach (var value in request.Headers[name])
            {
                if (value?.Contains("prefetch", StringComparison.OrdinalIgnoreCase) == true) return true;
            }
        }

        return false;
    }
}
