namespace Teal.Web.Door;

/// <summary>Where a request may bring its credential, beside its header (specification 8.3).</summary>
[Flags]
public enum WaysIn
{
    /// <summary>Nowhere else.</summary>
    Header = 0,

    /// <summary><c>?ticket=</c>, for pages, whose websockets and event streams have no headers of their own.</summary>
    Ticket = 1,

    /// <summary><c>?credentials=</c>, for pages of the classic protocol: user and password as in the header.</summary>
    Credentials = 2,
}
