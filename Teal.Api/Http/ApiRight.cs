namespace Teal.Api.Http;

/// <summary>Who may ask for something.</summary>
internal enum ApiRight
{
    /// <summary>Every account, for what is its own; the permission <c>admin</c> reaches what is others'.</summary>
    Own,

    /// <summary>Who has the permission <c>admin</c>.</summary>
    Admin,
}
