namespace Teal.Listener.Http;

/// <summary>Carries the <see cref="RequestTarget"/> from the middleware to the endpoint.</summary>
internal sealed record RequestTargetFeature(RequestTarget Target);
