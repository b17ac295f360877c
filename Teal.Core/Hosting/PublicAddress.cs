namespace Teal.Core.Hosting;

/// <summary>An address that the metadata tells clients (specification 3.1), also where another process has the module.</summary>
/// <param name="Name">The member of the metadata, as in <c>callback_url</c>.</param>
/// <param name="Url">The address; to be asked for once the web server runs.</param>
public sealed record PublicAddress(string Name, Func<string> Url);
