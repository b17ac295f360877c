namespace Teal.Listener.Ciba;

/// <summary>What the door says to a notification.</summary>
/// <param name="IsAdmitted">Whether it comes in.</param>
/// <param name="Owner">The team that waits for it; null: nobody said so.</param>
internal readonly record struct CibaAdmission(bool IsAdmitted, string? Owner);
