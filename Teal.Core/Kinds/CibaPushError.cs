namespace Teal.Core.Kinds;

/// <summary>Why a push brings no tokens (OpenID Connect CIBA Core 1.0 section 12).</summary>
/// <param name="Error">The error code, such as <c>access_denied</c>.</param>
/// <param name="ErrorDescription">The same in words; null: there are none.</param>
public sealed record CibaPushError(string Error, string? ErrorDescription);
