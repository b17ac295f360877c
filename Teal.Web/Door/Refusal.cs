using Microsoft.AspNetCore.Http;
using Teal.Core.Identities;
using Teal.Web.Answers;

namespace Teal.Web.Door;

/// <summary>The one table from what the door says to what HTTP answers (specification 8.3).</summary>
public static class Refusal
{
    /// <summary>
    /// The status of the answer to whoever was not let in, and a sentence for its developer. Sets the headers; the body is the caller's.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="result">What the door said.</param>
    public static (int Status, string Text) Begin(HttpContext context, AuthenticationResult result)
    {
        switch (result)
        {
            case AuthenticationResult.TooMany(var wait):
                Close(context);
                Answer.SetRetryAfter(context, wait);
                return (StatusCodes.Status429TooManyRequests,
                    "Too many wrong passwords, please try again later");
            case AuthenticationResult.Unavailable(var wait):
                Answer.SetRetryAfter(context, wait);
                return (StatusCodes.Status503ServiceUnavailable, "Credentials cannot be checked now, please try again");
            default:
                Close(context);
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"teal\"";
                return (StatusCodes.Status401Unauthorized, "User or password are missing or wrong");
        }
    }

    // A credential that was not let in has used up its connection.
    private static void Close(HttpContext context) => context.Response.Headers.Connection = "close";
}
