using Microsoft.AspNetCore.Http;
using Teal.Api.Http;

namespace Teal.Api.Description;

/// <summary><c>/openapi.json</c>: what the API is, for tools (OpenAPI 3.1). A test compares it with the routes and with answers.</summary>
internal sealed class DescriptionResource : IApiResource
{
    private static readonly byte[] Text = Read();

    /// <inheritdoc/>
    public IReadOnlyList<ApiRoute> Routes =>
        [new(HttpMethods.Get, "/openapi.json", ApiRight.Own, static (_, _) => ValueTask.FromResult<ApiResult>(new ApiResult.Value(Text)))];

    private static byte[] Read()
    {
        using var resource = typeof(DescriptionResource).Assembly.GetManifestResourceStream("openapi.json")!;
        using var text = new MemoryStream();
        resource.CopyTo(text);
        return text.ToArray();
    }
}
