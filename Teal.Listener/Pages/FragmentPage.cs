using System.Text;

namespace Teal.Listener.Pages;

/// <summary>
/// The page whose script sends the browser to <c>/raw-callback</c> with the page's whole URL, fragment included
/// (specification 2.1). It is the same for every request: nothing of a URL is ever written into it.
/// </summary>
internal static class FragmentPage
{
    private static readonly string Html = Resource.Load("fragment.html");

    /// <summary>The page, UTF-8.</summary>
    public static readonly byte[] Content = Encoding.UTF8.GetBytes(Html);

    /// <summary>The policy that goes with it.</summary>
    public static readonly string ContentSecurityPolicy = Resource.PolicyFor(Html);
}
