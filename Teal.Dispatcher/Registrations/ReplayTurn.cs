using Teal.Core.Events;

namespace Teal.Dispatcher.Registrations;

/// <summary>A page that is to be read, and the registrations that wait for it.</summary>
/// <param name="Topic">Their topic.</param>
/// <param name="After">Where all of them are.</param>
/// <param name="Registrations">The registrations.</param>
internal sealed record ReplayTurn(Topic Topic, long After, List<Registration> Registrations);
