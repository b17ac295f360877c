using Microsoft.AspNetCore.Http;

namespace Teal.Api.Http;

/// <summary>One thing that the API does: a method at a path.</summary>
/// <param name="Method">The method; GET also answers HEAD.</param>
/// <param name="Path">Below the API's prefix, as routing has it: <c>/connections/{id}</c>.</param>
/// <param name="Right">Who may ask for it.</param>
/// <param name="HandleAsync">Does it.</param>
internal sealed record ApiRoute(
    string Method, string Path, ApiRight Right, Func<ApiRequest, CancellationToken, ValueTask<ApiResult>> HandleAsync)
{
    /// <summary>The parameters of lists in pages.</summary>
    public static readonly IReadOnlyList<string> OfPages = ["limit", "after"];

    /// <summary>The query parameters that mean something; all others are refused.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>Whether it answers a method.</summary>
    public bool Takes(string method) => Method == method || (HttpMethods.IsGet(Method) && HttpMethods.IsHead(method));
}
