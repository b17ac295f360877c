namespace Teal.Webhooks.Hmac;

/// <summary>A part of what is signed.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Text">The text itself, or the header's name; else empty.</param>
internal readonly record struct SignedPart(SignedSource Source, string Text = "");
