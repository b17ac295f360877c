using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Teal.Core.Identities;

namespace Teal.Api.Http;

/// <summary>A request of somebody who was let in.</summary>
/// <param name="context">The request.</param>
/// <param name="by">Who sent it.</param>
/// <param name="from">Where it comes from, for the log.</param>
/// <param name="maximumBodySize">How long its body may be, in bytes.</param>
internal sealed class ApiRequest(HttpContext context, Identity by, string from, int maximumBodySize)
{
    /// <summary>How many things a page has at most, and where nothing else is asked for.</summary>
    public const int LargestPage = 1000, UsualPage = 100;

    private const string JsonType = "application/json";

    /// <summary>Who sent it.</summary>
    public Identity By => by;

    /// <summary>Whether he may do what is for administrators.</summary>
    public bool IsByAdmin => by.Permissions.May(Act.Admin);

    /// <summary>Where it comes from, for the log.</summary>
    public string From => from;

    /// <summary>The id of the request.</summary>
    public string Id => context.TraceIdentifier;

    /// <summary>A part of its path, decoded, by the name that the route gives it.</summary>
    public string Part(string name) => (string)context.GetRouteValue(name)!;

    /// <summary>A query parameter; null: there is none. The endpoint has seen to it that it is there once at most.</summary>
    public string? Parameter(string name) => context.Request.Query.TryGetValue(name, out var values) ? values[0] : null;

    /// <summary>How many things a page is to have, of <c>limit</c>.</summary>
    public bool TryReadLimit(out int limit, out ApiResult.Problem? fault)
    {
        (limit, fault) = (UsualPage, null);
        if (Parameter("limit") is not { } text) return true;

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > LargestPage)
            fault = ApiResult.Problem.Invalid($"\"limit\" must be a number from 1 to {LargestPage}.");
        return fault is null;
    }

    /// <summary>Reads its body, which must be a JSON object.</summary>
    public async ValueTask<ApiInput> ReadAsync(CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (!IsJson(request.ContentType) || request.Headers.ContentEncoding.Count > 0)
        {
            return ApiInput.Faulty(new ApiResult.Problem(
                StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type",
                $"The body must have the Content-Type {JsonType}, in UTF-8 and without a Content-Encoding."));
        }

        if (request.ContentLength > maximumBodySize) return TooLarge();

        var body = new MemoryStream();
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (body.Length + read.Buffer.Length > maximumBodySize) return TooLarge();

            foreach (var piece in read.Buffer) body.Write(piece.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return ApiInput.Read(body.GetBuffer().AsMemory(0, (int)body.Length));
        }
    }

    private ApiInput TooLarge()
    {
        // The web server would read the rest of it.
        context.Response.Headers.Connection = "close";
        return ApiInput.Faulty(new ApiResult.Problem(
            StatusCodes.Status413PayloadTooLarge, "too_large", $"The body must have at most {maximumBodySize} bytes."));
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(JsonType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
