namespace Teal.Tests.Support;

/// <summary>
/// The clock of servers that run by themselves, of Redis, and of files: no test can set it. Where one can, it has a <see
/// cref="ManualTimeProvider"/>.
/// </summary>
internal static class RealClock
{
    /// <summary>Now, UTC.</summary>
    public static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>Later than any test ends, UTC.</summary>
    public static DateTime InAnHour => Now.AddHours(1);
}
