using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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
    // How many things a page has at most, and where nothing else is asked for.
    private const int LargestPage = 1000, UsualPage = 100;

    private const string JsonType = "application/json";

    /// <summary>Who sent it.</summary>
    public Identity By => by;

    /// <summary>Whether he may do what is for administrators.</summary>
    public bool IsByAdmin => by.Permissions.May(Act.Admin);

    /// <summary>Where it comes from, for the log.</summary>
    public string From => from;

    /// <summary>The origin of the page that sent it (RFC 6454); null: no page did.</summary>
    public string? Origin => context.Request.Headers.Origin is [{ } origin, ..] ? origin : null;

    /// <summary>The id of the request.</summary>
    public string Id => context.TraceIdentifier;

    /// <summary>A part of its path, decoded, by the name that the route gives it.</summary>
    public string Part(string name) => (string)context.GetRouteValue(name)!;

    /// <summary>A query parameter; null: there is none. The endpoint has seen to it that it is there once at most.</summary>
    public string? Parameter(string name) => context.Request.Query.TryGetValue(name, out var values) ? values[0] : null;

    /// <summary>Takes the page that is asked for, of things in any order; null: the fault says what is wrong with the wish.</summary>
    /// <param name="all">The things.</param>
    /// <param name="nameOf">What they are ordered by, each once.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<(ApiPage<T>? Page, ApiResult.Problem? Fault)> TakePageAsync<T>(
        IAsyncEnumerable<T> all, Func<T, string> nameOf, CancellationToken cancellationToken)
    {
        var limit = UsualPage;
        var isNumber = Parameter("limit") is not { } text || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit);
        if (!isNumber || limit is < 1 or > LargestPage)
            return (null, ApiResult.Problem.Invalid($"\"limit\" must be a number from 1 to {LargestPage}."));
        return (await ApiPage<T>.TakeAsync(all, nameOf, Parameter("after"), limit, cancellationToken), null);
    }

    /// <summary>
    /// Reads on which condition something is to be changed: <c>If-None-Match: *</c>, or <c>If-Match</c> with the tag that it must have
    /// (RFC 9110 section 13.1).
    /// </summary>
    /// <param name="isNew">Whether it must not be there yet.</param>
    /// <param name="version">The version that has to be there; null: it does not matter.</param>
    /// <param name="fault">What is wrong with the condition; null: nothing.</param>
    public bool TryReadCondition(out bool isNew, out long? version, out ApiResult.Problem? fault)
    {
        var (match, noneMatch) = (context.Request.Headers.IfMatch, context.Request.Headers.IfNoneMatch);
        (isNew, version, fault) = (noneMatch.Count > 0, null, null);
        if (match.Count == 0 && (noneMatch.Count == 0 || noneMatch == "*")) return true;

        if (match.Count == 1 && noneMatch.Count == 0 && match[0] is ['"', .. var tag, '"']
            && long.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            version = number;
            return true;
        }

        fault = ApiResult.Problem.Invalid("There may be either \"If-None-Match: *\", or If-Match with the ETag of the account.");
        return false;
    }

    /// <summary>The account that is meant: the one that is named, else the asking one; null: the fault says why there is none.</summary>
    /// <param name="named">Its name as somebody wrote it; null: none is named.</param>
    /// <param name="fault">What is wrong; null: nothing.</param>
    public string? AccountOf(string? named, out ApiResult.Problem? fault)
    {
        fault = null;
        if (AccountName.TryParse(named ?? by.Account, out var name)) return name;

        fault = ApiResult.Problem.Invalid(
            named is null
                ? "\"account\" must name one, as whoever comes by the socket is none." : $"\"account\" must be {AccountName.Form}.");
        return null;
    }

    /// <summary>The request itself.</summary>
    public HttpContext Context => context;

    /// <summary>Reads its body, which must be a JSON object; where there is none, an object without members where that is enough.</summary>
    public async ValueTask<ApiInput> ReadAsync(CancellationToken cancellationToken, bool isNeeded = true)
    {
        var request = context.Request;
        if (!isNeeded && context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return ApiInput.Read("{}"u8.ToArray());

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
