using System.Text;

namespace Teal.Benchmarks.Fuzz;

/// <summary>Changes bytes into others that are nearly right.</summary>
internal static class Mutation
{
    // What parsers stumble over, and what would show in an answer if it were taken for a header.
    private static readonly byte[][] Tokens =
    [
        .. from text in (string[])
           [
               "\r\n", "\n", "\r", "\r\n\r\n", "\0", " ", "\t", ":", ",", ";", "?", "&", "#", "%", "%00", "%0d%0aX-Injected:%201",
               "\r\nX-Injected: 1\r\n", "%e2%82%ac", "%c0%af", "..", "//", "\\", "\"", "'", "<b>", "{", "}", "[", "]", "-1", "0",
               "99999999999999999999", "80000000", "0x1", "1e999", "null", "\ud83d\ude00", "\u20ac", "\ufeff",
               "Transfer-Encoding: chunked\r\n", "Content-Length: 5\r\n", "Expect: 100-continue\r\n", "Connection: close\r\n",
           ]
           select Encoding.UTF8.GetBytes(text),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x80], [0xF4, 0x90, 0x80, 0x80],
    ];

    /// <summary>One of them.</summary>
    public static T Pick<T>(this Random random, IReadOnlyList<T> all) => all[random.Next(all.Count)];

    /// <summary>Whether something happens that has this probability.</summary>
    public static bool Happens(this Random random, double probability) => random.NextDouble() < probability;

    /// <summary>The bytes with one to four changes.</summary>
    public static byte[] Mutate(this Random random, byte[] data)
    {
        for (var changes = random.Next(1, 5); changes > 0; changes--) data = Change(random, data);
        return data;
    }

    private static byte[] Change(Random random, byte[] data)
    {
        var at = random.Next(data.Length + 1);
        var end = Math.Min(data.Length, at + random.Next(1, 17));
        switch (random.Next(7))
        {
            case 0 when at < data.Length:
                var flipped = data.ToArray();
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1 when at < data.Length:
                var replaced = data.ToArray();
                replaced[at] = (byte)random.Next(256);
                return replaced;
            case 2:
                return [.. data[..at], .. data[end..]];
            case 3:
                return [.. data[..end], .. data[at..]];
            case 4 when random.Happens(0.3):
                return data[..at];
            case 5:
                var many = Enumerable.Repeat(random.Pick(Tokens), random.Happens(0.05) ? random.Next(5000) : random.Next(1, 4))
                    .SelectMany(static token => token);
                return [.. data[..at], .. many, .. data[at..]];
            default:
                return [.. data[..at], .. random.Pick(Tokens), .. data[at..]];
        }
    }
}
