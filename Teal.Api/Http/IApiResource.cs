namespace Teal.Api.Http;

/// <summary>Things of one sort that the API shows and changes. It has no rule of its own: those are the services' behind it.</summary>
internal interface IApiResource
{
    /// <summary>What can be done with them.</summary>
    IReadOnlyList<ApiRoute> Routes { get; }
}
