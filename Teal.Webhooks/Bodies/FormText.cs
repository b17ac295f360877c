using System.Text;

namespace Teal.Webhooks.Bodies;

/// <summary>Fields as forms and queries write them (<c>application/x-www-form-urlencoded</c>).</summary>
internal static class FormText
{
    // More would make sorting them dear.
    private const int MostFields = 1000;

    /// <summary>The fields in their order, decoded. Those behind the thousandth are not read. Never throws.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(ReadOnlySpan<char> text)
    {
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var range in text.Split('&'))
        {
            var field = text[range];
            if (field.IsEmpty) continue;
            if (fields.Count == MostFields) break;

            var equals = field.IndexOf('=');
            fields.Add(equals < 0 ? new(Decode(field), "") : new(Decode(field[..equals]), Decode(field[(equals + 1)..])));
        }

        return fields;
    }

    /// <summary>The same of a body.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(ReadOnlyMemory<byte> body) => Read(Encoding.UTF8.GetString(body.Span));

    /// <summary>The field of that name; null: it is missing, or there more than once.</summary>
    public static string? Find(IReadOnlyList<KeyValuePair<string, string>> fields, string name) =>
        fields.Where(field => field.Key == name).Take(2).ToArray() is [var (_, value)] ? value : null;

    private static string Decode(ReadOnlySpan<char> text) => Uri.UnescapeDataString(text.ToString().Replace('+', ' '));
}
