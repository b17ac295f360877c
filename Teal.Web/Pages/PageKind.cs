namespace Teal.Web.Pages;

/// <summary>What a page tells the end user; its name in lower case begins the names of its texts.</summary>
public enum PageKind
{
    /// <summary>The answer has reached the application.</summary>
    Done,

    /// <summary>It has, and it says that the login failed.</summary>
    Failed,

    /// <summary>The state is not known, or not any more.</summary>
    Expired,

    /// <summary>The address has no state, or an empty one.</summary>
    Incomplete,

    /// <summary>The answer cannot be kept now.</summary>
    Unavailable,

    /// <summary>There is no such address.</summary>
    Nothing,

    /// <summary>The request is not one that a browser makes.</summary>
    Wrong,

    /// <summary>A script hands the fragment over.</summary>
    Fragment,
}
