namespace Teal.Tests.Support;

/// <summary>An event as a page's <c>EventSource</c> gets it.</summary>
internal sealed record StreamEvent(string Data, string Type = "message");
