using System.Diagnostics;

namespace Teal.Tests.Support;

/// <summary>Waits for conditions, and never longer than a limit that is far above what they take.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Looks until the condition holds; fails with its name, and with what this test's processes said, when it does not.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string name)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Limit) Fail(name);
            await Task.Delay(10);
        }
    }

    /// <summary>The same for a condition that has to be asked for.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string name)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition().WithinLimit())
        {
            if (Stopwatch.GetElapsedTime(started) > Limit) Fail(name);
            await Task.Delay(10);
        }
    }

    /// <summary>The same task, with the limit.</summary>
    public static Task<T> WithinLimit<T>(this Task<T> task) => task.WaitAsync(Limit);

    /// <summary>The same task, with the limit.</summary>
    public static Task WithinLimit(this Task task) => task.WaitAsync(Limit);

    private static void Fail(string name) => Assert.Fail($"It did not come to: {name}{TealProcess.DescribeAll()}");
}
