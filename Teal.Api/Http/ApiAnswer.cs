using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Teal.Web.Answers;

namespace Teal.Api.Http;

/// <summary>The one place that says how a result reads as an HTTP answer.</summary>
internal static class ApiAnswer
{
    private const string ProblemType = "application/problem+json";

    /// <summary>Answers.</summary>
    public static Task WriteAsync(HttpContext context, ApiResult result)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        switch (result)
        {
            case ApiResult.Value value:
                if (value.Location is { } location) headers.Location = location;
                if (value.Tag is { } tag) headers.ETag = $"\"{tag}\"";
                return Answer.JsonAsync(context, value.Status, value.Json);
            case ApiResult.Problem problem:
                return WriteAsync(context, problem);
            default:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
        }
    }

    private static Task WriteAsync(HttpContext context, ApiResult.Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        if (problem.RetryAfter is { } wait) Answer.SetRetryAfter(context, wait);
        if (problem.Allow is { } methods) context.Response.Headers.Allow = methods;
        var body = new ProblemBody(ReasonPhrases.GetReasonPhrase(problem.Status), problem.Status, problem.Code, problem.Detail);
        return Answer.WriteAsync(context, ProblemType, JsonSerializer.SerializeToUtf8Bytes(body, ProblemJson.Written.ProblemBody));
    }
}
