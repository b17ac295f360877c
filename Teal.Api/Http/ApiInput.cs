using System.Text.Json;
using Teal.Core.Wire;

namespace Teal.Api.Http;

/// <summary>
/// The JSON object that a request brought. Its members are asked for by their names; the first fault is kept, and nothing is done where
/// there is one. A member that is null counts as absent, and one that nobody asked for is a fault: a mistyped name must not pass for its
/// default. Not for two threads.
/// </summary>
internal sealed class ApiInput
{
    // Of a name that somebody wrote, so much stands in a fault at most.
    private const int QuotedLength = 32;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private ApiResult.Problem? _fault;

    private ApiInput(ApiResult.Problem? fault = null) => _fault = fault;

    /// <summary>What is wrong with it: to be asked for behind all members. Null: nothing.</summary>
    public ApiResult.Problem? Fault => _fault ??= _members.Keys.FirstOrDefault(name => !_asked.Contains(name)) is { } unknown
        ? ApiResult.Problem.Invalid($"{Quote(unknown)} is not known here; there is {string.Join(", ", _asked)}.") : null;

    /// <summary>One without a member that could be read.</summary>
    public static ApiInput Faulty(ApiResult.Problem fault) => new(fault);

    /// <summary>Reads a text.</summary>
    /// <param name="json">The text, in UTF-8.</param>
    public static ApiInput Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return Faulty(NoObject);

            var input = new ApiInput();
            foreach (var member in document.RootElement.EnumerateObject()) input._members.Add(member.Name, member.Value.Clone());
            return input;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // What is no JSON, has a name twice, is nested too deep, or has a name that is no valid text.
            return Faulty(NoObject);
        }
    }

    /// <summary>A string; null: there is none.</summary>
    public string? Text(string name) => Find(name) is { } value ? TextOf(value) ?? Refuse<string>(name, "must be a string") : null;

    /// <summary>True or false; null: there is none.</summary>
    public bool? Flag(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => Refuse<bool?>(name, "must be true or false"),
    };

    /// <summary>A number; null: there is none.</summary>
    public double? Number(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && Math.Abs(number) < 1e9
            ? number : Refuse<double?>(name, "must be a number, not too large");

    /// <summary>A list of strings; null: there is none.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (Find(name) is not { } value) return null;

        var texts = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(TextOf).ToArray() : [null];
        return texts.Contains(null) ? Refuse<string[]>(name, "must be a list of strings") : [.. texts.OfType<string>()];
    }

    /// <summary>Strings by their names; null: there is no such object.</summary>
    public IReadOnlyDictionary<string, string>? Map(string name)
    {
        if (Find(name) is not { } value) return null;

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (value.ValueKind != JsonValueKind.Object) return Refuse<Dictionary<string, string>>(name, "must be an object of strings");
        foreach (var member in value.EnumerateObject())
        {
            if (TextOf(member.Value) is not { } text) return Refuse<Dictionary<string, string>>(name, "must be an object of strings");
            map[member.Name] = text;
        }

        return map;
    }

    /// <summary>An instant, UTC; null: there is none.</summary>
    public DateTime? Instant(string name)
    {
        if (Find(name) is not { } value) return null;
        return TextOf(value) is { } text && IsoInstant.TryParse(text, out var instant) && instant.TryGetUtc(out var utc)
            ? utc : Refuse<DateTime?>(name, "must be an instant such as 2027-01-31T23:59:59Z");
    }

    /// <summary>Notes that a member is not as it must be, unless something else was found before.</summary>
    /// <param name="name">The member.</param>
    /// <param name="fault">What it must be, in words that follow its name.</param>
    public void Refuse(string name, string fault) => _fault ??= ApiResult.Problem.Invalid($"\"{name}\" {fault}.");

    private static ApiResult.Problem NoObject => ApiResult.Problem.Invalid(
        "The body must be one JSON object in UTF-8, nested at most 16 deep, that has no member twice.");

    private static string? TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a character, or no UTF-8.
            return null;
        }
    }

    /// <summary>A name that somebody wrote, for a fault: in quotes, and not too long.</summary>
    public static string Quote(string name)
    {
        if (name.Length > QuotedLength)
            name = $"{name[..(char.IsHighSurrogate(name[QuotedLength - 1]) ? QuotedLength - 1 : QuotedLength)]}…";
        return JsonSerializer.Serialize(name, ProblemJson.Written.String);
    }

    private JsonElement? Find(string name)
    {
        _asked.Add(name);
        return _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private T? Refuse<T>(string name, string fault)
    {
        Refuse(name, fault);
        return default;
    }
}
