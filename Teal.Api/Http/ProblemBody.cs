namespace Teal.Api.Http;

/// <summary>The body of an answer that says why something was not done (RFC 9457); its type is <c>about:blank</c>, the default.</summary>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The status.</param>
/// <param name="Code">For programs.</param>
/// <param name="Detail">For people.</param>
internal sealed record ProblemBody(string Title, int Status, string Code, string Detail);
