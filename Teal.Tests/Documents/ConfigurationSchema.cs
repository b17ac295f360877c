using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Teal.Core.Configuration;
using Teal.Host.Configuration;

namespace Teal.Tests.Documents;

/// <summary>
/// The JSON schema of <c>appsettings.json</c>, made of the setting catalogue. It is of draft 7, which all editors read, and as strict as
/// helps who writes: a number is a number there, and a list an array, although the program takes texts as well.
/// </summary>
internal static class ConfigurationSchema
{
    private static readonly JsonSerializerOptions Form =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as it stands in the file.</summary>
    public static string Write() => Whole().ToJsonString(Form).ReplaceLineEndings("\n") + "\n";

    /// <summary>A document in which one setting has that value, which is given as it is written outside of JSON.</summary>
    public static JsonObject Document(Setting<TealOptions> setting, string text) => new()
    {
        ["Teal"] = setting.Key.Split(':')
            .Reverse().Aggregate(ValueOf(setting, text), static (inner, name) => new JsonObject { [name] = inner }),
    };

    private static JsonNode ValueOf(Setting<TealOptions> setting, string text)
    {
        if (setting.IsList) return new JsonArray([.. text.Split(',').Select(static item => (JsonNode)item)]);
        if (setting.Type.Members is not null) return ObjectOf(text);
        if (setting.IsMap) return new JsonObject { [text.Split('=')[0]] = text.Split('=')[1] };

        return setting.Type.Form switch
        {
            SettingForm.TrueOrFalse => bool.Parse(text),
            SettingForm.WholeNumber => int.Parse(text, CultureInfo.InvariantCulture),
            _ => text,
        };
    }

    // An entry as «anna:Role=member», or of a list as «shop:Permissions=read callback:*».
    private static JsonObject ObjectOf(string text)
    {
        var (path, value) = (text.Split('=')[0].Split(':'), text.Split('=')[1]);
        var isList = path[1] is "Permissions" or "Redirects";
        return new JsonObject { [path[0]] = new JsonObject { [path[1]] = isList ? new JsonArray(value) : value } };
    }

    private static JsonObject Whole() => new()
    {
        ["$schema"] = "http://json-schema.org/draft-07/schema#",
        ["title"] = "Teal's appsettings.json",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["$schema"] = Text("Where this schema is, for editors; Teal passes over it"),
            ["Teal"] = Settings(),
            ["Logging"] = Logging(),
        },
    };

    private static JsonObject Settings()
    {
        var root = Section("All settings of Teal; docs/configuration.md has them in words.");
        foreach (var setting in SettingCatalogue.All)
        {
            var section = root;
            var names = setting.Key.Split(':');
            foreach (var name in names[..^1])
            {
                var properties = section["properties"]!.AsObject();
                if (properties[name] is null) properties[name] = Section(null);
                section = properties[name]!.AsObject();
                if (section["properties"] is null) section["properties"] = new JsonObject();
            }

            section["properties"]![names[^1]] = Describe(setting);
        }

        return root;
    }

    private static JsonObject Section(string? description)
    {
        var section = new JsonObject { ["type"] = "object", ["additionalProperties"] = false };
        if (description is not null) section["description"] = description;
        section["properties"] = new JsonObject();
        return section;
    }

    private static JsonObject Describe(Setting<TealOptions> setting)
    {
        var schema = setting switch
        {
            { IsList: true } => new JsonObject { ["type"] = "array", ["items"] = Entry(setting.Type) },
            { Type.Members: { } members } => new JsonObject { ["type"] = "object", ["additionalProperties"] = Describe(members) },
            { IsMap: true } => new JsonObject { ["type"] = "object", ["additionalProperties"] = Entry(setting.Type) },
            _ => Entry(setting.Type),
        };
        var meaning = setting.Meaning.Replace("`", "", StringComparison.Ordinal);
        schema["description"] = setting.Type.Range is { } range ? $"{meaning}; {range}" : meaning;
        if (SettingCatalogue.DefaultOf(setting) is { Length: > 0 } preset) schema["default"] = ValueOf(setting, preset);
        if (!setting.IsSecret) schema["examples"] = new JsonArray(ValueOf(setting, setting.Example));
        return schema;
    }

    private static JsonObject Describe(IEnumerable<SettingMember> members)
    {
        var section = Section(null);
        foreach (var member in members)
        {
            var entry = new JsonObject { ["type"] = member.Form == SettingForm.TrueOrFalse ? "boolean" : "string" };
            if (member.Pattern is not null) entry["pattern"] = member.Pattern;
            var schema = member switch
            {
                { IsList: true } => new JsonObject { ["type"] = "array", ["items"] = entry },
                { IsMap: true } => new JsonObject { ["type"] = "object", ["additionalProperties"] = entry },
                _ => entry,
            };
            schema["description"] = member.Meaning;
            section["properties"]![member.Name] = schema;
        }

        return section;
    }

    private static JsonObject Entry(SettingType<TealOptions> type)
    {
        var schema = new JsonObject
        {
            ["type"] = type.Form switch
            {
                SettingForm.WholeNumber => "integer",
                SettingForm.TextOrWholeNumber => Texts(["string", "integer"]),
                SettingForm.TrueOrFalse => "boolean",
                _ => "string",
            },
        };
        if (type.Names is not null) schema["enum"] = Texts(type.Names);
        if (type.Pattern is not null) schema["pattern"] = type.Pattern;
        if (type.Bounds is { } bounds) (schema["minimum"], schema["maximum"]) = (bounds.Least, bounds.Most);
        return schema;
    }

    // .NET's own, of which Teal checks these.
    private static JsonObject Logging() => new()
    {
        ["type"] = "object",
        ["description"] = "What the log has, by the names of its categories, and its form; docs/operations.md tells more.",
        ["properties"] = new JsonObject
        {
            ["LogLevel"] = Levels(),
            ["Console"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["LogLevel"] = Levels(),
                    ["FormatterName"] = OneOf(LogForm.All, "The form of the log"),
                },
            },
        },
    };

    private static JsonObject Levels() => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = Level("A category"),
        ["properties"] = new JsonObject { ["Default"] = Level("All categories"), ["Teal"] = Level("Teal's own") },
    };

    private static JsonObject Level(string description) => OneOf(Enum.GetNames<LogLevel>(), description);

    private static JsonObject OneOf(IEnumerable<string> names, string description)
    {
        var schema = Text(description);
        schema["enum"] = Texts(names);
        return schema;
    }

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(static text => (JsonNode)text)]);
}
