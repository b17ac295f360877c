namespace Teal.Api.Status;

/// <summary>A module of a process.</summary>
/// <param name="Name">Its name in <c>Teal:Modules</c>.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="PublicUrl">Its address as the outside sees it; null: none is configured.</param>
public sealed record ModuleStatus(string Name, string Url, string? PublicUrl);
