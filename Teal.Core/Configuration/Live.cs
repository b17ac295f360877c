namespace Teal.Core.Configuration;

/// <summary>
/// Options that a reload of the settings replaces as a whole. Whoever needs them reads <see cref="Now"/> where it uses them, once for one
/// thing that it does, and keeps no copy. May be used from any thread.
/// </summary>
/// <param name="now">Those of the start.</param>
/// <typeparam name="T">The options. Nobody changes them from the start on.</typeparam>
public sealed class Live<T>(T now)
    where T : class
{
    private T _now = now;

    /// <summary>Those that count now.</summary>
    public T Now => Volatile.Read(ref _now);

    /// <summary>From now on others count.</summary>
    public void Replace(T now) => Volatile.Write(ref _now, now);
}
