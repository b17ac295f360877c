using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Teal.Api.Http;

/// <summary>What came of a request: a value, which <see cref="ApiAnswer"/> turns into an answer.</summary>
internal abstract record ApiResult
{
    private ApiResult()
    {
    }

    /// <summary>It was done, and there is nothing to tell: 204.</summary>
    public static readonly ApiResult Done = new Nothing();

    /// <summary>A value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="form">How it is written.</param>
    public static ApiResult Of<T>(T value, JsonTypeInfo<T> form) => new Value(Write(value, form));

    /// <summary>A value in JSON.</summary>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> form) => JsonSerializer.SerializeToUtf8Bytes(value, form);

    /// <summary>A value that was made by this request.</summary>
    /// <param name="value">The value.</param>
    /// <param name="form">How it is written.</param>
    /// <param name="location">Where it is from now on, relative to the request's address; null: it is nowhere.</param>
    public static ApiResult Made<T>(T value, JsonTypeInfo<T> form, string? location = null) =>
        new Value(Write(value, form)) { Status = StatusCodes.Status201Created, Location = location };

    /// <summary>It was done; 204.</summary>
    internal sealed record Nothing : ApiResult;

    /// <summary>It was done, and this is what there is.</summary>
    /// <param name="Json">In UTF-8.</param>
    internal sealed record Value(ReadOnlyMemory<byte> Json) : ApiResult
    {
        /// <summary>The status; default 200.</summary>
        public int Status { get; init; } = StatusCodes.Status200OK;

        /// <summary>What stands for this content of it (RFC 9110 section 8.8.3), without quotes; null: it has none.</summary>
        public string? Tag { get; init; }

        /// <summary>Where it is from now on; null: it is not new, or nowhere.</summary>
        public string? Location { get; init; }
    }

    /// <summary>It was not done (RFC 9457).</summary>
    /// <param name="Status">The status.</param>
    /// <param name="Code">For programs; those of <c>teal.v2</c> where it has one for the same.</param>
    /// <param name="Detail">For people: what is wrong, and what to do. No secret.</param>
    internal sealed record Problem(int Status, string Code, string Detail) : ApiResult
    {
        /// <summary>How long to wait before the next try; null: waiting does not help.</summary>
        public TimeSpan? RetryAfter { get; init; }

        /// <summary>The methods that there are instead; null: that is not what is wrong.</summary>
        public string? Allow { get; init; }

        /// <summary>The request is not what the API's description says.</summary>
        public static Problem Invalid(string detail) => new(StatusCodes.Status400BadRequest, "invalid_message", detail);

        /// <summary>There is no such thing, or it is another's: nobody learns which.</summary>
        public static Problem NotFound(string detail) => new(StatusCodes.Status404NotFound, "not_found", detail);

        /// <summary>Whoever asks may not.</summary>
        public static Problem NotAllowed(string detail) => new(StatusCodes.Status403Forbidden, "not_allowed", detail);

        /// <summary>There are as many as there may be.</summary>
        public static Problem TooMany(string detail) => new(StatusCodes.Status409Conflict, "too_many", detail);

        /// <summary>It cannot be done now.</summary>
        public static Problem Unavailable(string detail) =>
            new(StatusCodes.Status503ServiceUnavailable, "unavailable", detail) { RetryAfter = TimeSpan.FromSeconds(5) };
    }
}
