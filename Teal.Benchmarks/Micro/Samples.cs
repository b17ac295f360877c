using System.Globalization;
using Teal.Core.Identities;
using Teal.Core.Kinds;

namespace Teal.Benchmarks.Micro;

/// <summary>An ordinary redirect.</summary>
internal static class Samples
{
    public const string State = "0644512f7c3a08d2a4c8b1e5f7093d6a";

    public const string Target =
        $"/callback?state={State}&code=0123456789abcdef01234567&scope=openid%20profile%20email&"
            + "session_state=2f31d9a6-4a17-4f28-a2a5-f63f6e8d3d57";

    public static readonly DateTime Instant = new(2025, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);

    /// <summary>An end that does not come while anything is measured.</summary>
    public static readonly DateTime FarInstant = Instant.AddYears(100);

    /// <summary>So many states, each another one.</summary>
    public static string[] States(int count) => [.. Enumerable.Range(0, count).Select(
        static i => $"{State}{i.ToString(CultureInfo.InvariantCulture)}")];

    public static CallbackEvent Callback(string state) => new(Instant, $"https://callback.example.com{Target}", state)
    {
        Owner = Identity.AnonymousName,
    };
}
