using System.Globalization;
using System.Text;

namespace Teal.Benchmarks.Fuzz;

/// <summary>Makes JSON that is nearly what a server expects.</summary>
internal static class JsonMaker
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "1.5", "1e9", "1e999", "-1e-999", "2147483648", "9223372036854775808", "99999999999999999999999999", "0.1e1",
        "4102444800", "4102444800000",
    ];

    private static readonly string[] Pieces =
    [
        "a", "state", "budgea", "\\u0000", "\\ud800", "\\ud83d\\ude00", "\\n", "\\/", "\\\\", "\\\"", "\u20ac", "\ud83d\ude00",
        "%0d%0aX-Injected:%201", "<script>", "https://app.example.org/", "javascript:", "2099-01-01T00:00:00", "..", " ", "\u007f",
    ];

    /// <summary>An object with these members, of which some are wrong, missing, twice there, or unknown.</summary>
    public static string Object(Random random, params (string Name, string Value)[] members)
    {
        var parts = new List<string>();
        foreach (var (name, value) in members)
        {
            if (random.Happens(0.05)) continue;

            parts.Add($"\"{name}\":{(random.Happens(0.15) ? Value(random, 3) : value)}");
            if (random.Happens(0.03)) parts.Add($"\"{name}\":{Value(random, 2)}");
        }

        if (random.Happens(0.08)) parts.Add($"{Text(random)}:{Value(random, 2)}");
        return $"{{{string.Join(',', parts)}}}";
    }

    /// <summary>Anything.</summary>
    public static string Value(Random random, int depth)
    {
        switch (random.Next(depth > 0 ? 9 : 6))
        {
            case 0: return "null";
            case 1: return random.Happens(0.5) ? "true" : "false";
            case 2: return random.Pick(Numbers);
            case 3 or 4: return Text(random);
            case 5: return random.Happens(0.1) ? Deep(random) : random.Next().ToString(CultureInfo.InvariantCulture);
            case 6: return $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)))}]";
            default:
                var members = Enumerable.Range(0, random.Next(4)).Select(_ => $"{Text(random)}:{Value(random, depth - 1)}");
                return $"{{{string.Join(',', members)}}}";
        }
    }

    /// <summary>A text.</summary>
    public static string Text(Random random)
    {
        var text = new StringBuilder("\"");
        for (var count = random.Happens(0.02) ? random.Next(5000) : random.Next(4); count > 0; count--) text.Append(random.Pick(Pieces));
        return text.Append('"').ToString();
    }

    /// <summary>It as bytes, which are changed now and then.</summary>
    public static byte[] ToBytes(Random random, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        return random.Happens(0.3) ? random.Mutate(bytes) : bytes;
    }

    private static string Deep(Random random)
    {
        var depth = random.Next(1, random.Happens(0.2) ? 5000 : 70);
        return random.Happens(0.5)
            ? $"{new string('[', depth)}{string.Join(',', Enumerable.Repeat("1", random.Next(1, 200)))}{new string(']', depth)}"
            : $"{string.Concat(Enumerable.Repeat("{\"a\":", depth))}1{new string('}', depth)}";
    }
}
