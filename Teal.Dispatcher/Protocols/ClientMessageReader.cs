using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Teal.Core.Addresses;
using Teal.Core.Events;
using Teal.Core.Kinds;
using Teal.Dispatcher.Commands;

namespace Teal.Dispatcher.Protocols;

/// <summary>
/// Reads the JSON messages of clients (specification 3.2). Strict: no type is taken for another, and one bad part makes the
/// whole message bad. Lenient where the specification is: members that are not known are passed over, and of a member that
/// stands twice the last one counts.
/// </summary>
internal static class ClientMessageReader
{
    /// <summary>Reads one message. Never throws; the depth is bounded by the JSON reader's default of 64.</summary>
    public static ReadResult Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return ReadMessage(document.RootElement);
        }
        catch (JsonException)
        {
            return Invalid("The message is not valid JSON.");
        }
        catch (InvalidOperationException)
        {
            // What the JSON reader throws for an escaped lone surrogate.
            return Invalid("A string in the message is not valid Unicode.");
        }
    }

    private static ReadResult ReadMessage(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object) return Invalid("The message is not a JSON object.");

        var commands = new List<Command>(2);
        if (TryGetPart(message, "create", out var create))
        {
            if (!TryReadCreate(create, out var creation, out var fault)) return fault;
            commands.Add(creation);
        }

        if (TryGetPart(message, "register_to", out var registerTo))
        {
            if (!TryReadTopic(registerTo, out var topic, out var fault)) return fault;
            commands.Add(new Command.Register(topic, null));
        }

        return new ReadResult(commands, null);
    }

    internal static bool TryReadCreate(
        JsonElement create, [NotNullWhen(true)] out Command.Create? creation, [NotNullWhen(false)] out CommandFault? fault)
    {
        creation = null;
        if (!TryGetText(create, "type", out var type) || type != EventKinds.Callback.TopicType)
            fault = Invalid("create needs the type callback.");
        else if (!TryGetText(create, "state", out var state) || state.Length == 0)
            fault = Invalid("create needs a state, a string that is not empty.");
        else if (!TryReadRedirectUrl(create, out var url, out fault))
            return false;
        else if (!TryReadBoolean(create, "with_fragment", out var withFragment))
            fault = Invalid("with_fragment must be true or false.");
        else if (!create.TryGetProperty("expires_at", out var expiry))
            fault = Invalid("create needs expires_at, such as 2026-12-31T23:59:59.");
        else if (!ExpiresAt.TryRead(expiry, out var expiresAt))
            fault = Invalid("expires_at cannot be read; it is an instant such as 2026-12-31T23:59:59, or Unix time.");
        else
            creation = new Command.Create(state, url, withFragment, expiresAt);

        return creation is not null;
    }

    internal static bool TryReadTopic(JsonElement part, out Topic topic, [NotNullWhen(false)] out CommandFault? fault)
    {
        topic = default;
        if (part.ValueKind != JsonValueKind.Object)
            fault = Invalid("A topic must be an object, such as {\"type\":\"callback\",\"state\":\"abc\"}.");
        else if ((TryGetText(part, "type", out var type) ? EventKinds.ByTopicType(type) : null) is not { } kind)
            fault = Invalid("The type of the topic is not known.");
        else if (!TryGetText(part, kind.KeyMember, out var key) || key.Length == 0)
            fault = Invalid($"The topic needs a {kind.KeyMember}, a string that is not empty.");
        else
            (topic, fault) = (new Topic(kind, kind.NormalizeKey(key)), null);

        if (fault is null && Topic.IsTooLong(topic.Key))
            fault = Invalid($"The topic's key is longer than {Topic.MaximumKeyBytes} bytes.");

        return fault is null;
    }

    private static bool TryReadRedirectUrl(JsonElement create, out string? url, [NotNullWhen(false)] out CommandFault? fault)
    {
        (url, fault) = (null, null);
        if (!TryGetPart(create, "final_redirect_url", out var element)) return true;

        if (element.ValueKind != JsonValueKind.String)
            fault = Invalid("final_redirect_url must be a string or null.");
        else if (!HttpUrl.TryParse(element.GetString()!, out var parsed, out var reason))
            fault = Invalid($"final_redirect_url {reason}.");
        else
            url = parsed!.Text;

        return fault is null;
    }

    internal static bool TryReadBoolean(JsonElement part, string name, out bool value)
    {
        value = false;
        if (!part.TryGetProperty(name, out var element)) return true;

        value = element.ValueKind == JsonValueKind.True;
        return element.ValueKind is JsonValueKind.True or JsonValueKind.False;
    }

    internal static bool TryGetPart(JsonElement message, string name, out JsonElement part) =>
        message.TryGetProperty(name, out part) && part.ValueKind != JsonValueKind.Null;

    internal static bool TryGetText(JsonElement part, string name, [NotNullWhen(true)] out string? text)
    {
        text = part.ValueKind == JsonValueKind.Object && part.TryGetProperty(name, out var element)
            && element.ValueKind == JsonValueKind.String
            ? element.GetString() : null;
        return text is not null;
    }

    private static CommandFault Invalid(string detail) => new(CommandFaultCode.InvalidMessage, detail);
}
