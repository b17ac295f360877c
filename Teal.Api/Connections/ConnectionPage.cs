namespace Teal.Api.Connections;

/// <summary>Some connections of a process.</summary>
/// <param name="Connections">The connections.</param>
/// <param name="Next">What to give as <c>after</c> for the following ones; null: there are none.</param>
internal sealed record ConnectionPage(IReadOnlyList<ConnectionEntry> Connections, string? Next);
