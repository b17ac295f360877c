using Teal.Core.Addresses;

namespace Teal.Web.Door;

/// <summary>Settings of who is let in (specification 5 and 7.1).</summary>
public sealed class DoorOptions
{
    /// <summary>The address as the outside sees it, whose pages may connect; null: each request's own.</summary>
    public PublicUrl? PublicUrl { get; set; }

    /// <summary>Whether <c>?credentials=</c> is looked at, for browsers of the classic protocol. Default true.</summary>
    public bool AllowQueryCredentials { get; set; } = true;

    /// <summary>
    /// The origins of pages that may connect beside the own host: <c>https://app.example.org</c>, <c>null</c>, or <c>*</c> for any.
    /// </summary>
    public IReadOnlySet<string> AllowedOrigins { get; set; } = new HashSet<string>();
}
