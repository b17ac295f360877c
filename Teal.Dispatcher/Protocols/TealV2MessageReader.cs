using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Teal.Core.Kinds;
using Teal.Core.Wire;
using Teal.Dispatcher.Commands;
using Teal.Dispatcher.Registrations;
using Teal.Web.Requests;

namespace Teal.Dispatcher.Protocols;

/// <summary>
/// Reads the messages of <c>teal.v2</c>: those of the classic protocol and more, but stricter, as nothing may be passed over in silence:
/// members that are not known are faults.
/// </summary>
internal static class TealV2MessageReader
{
    private const int LongestId = 256;

    private static readonly string[] Parts = ["id", "create", "register_to", "unregister_from", "delete", "refresh"];
    private static readonly string[] StateMembers = ["type", "state", "final_redirect_url", "with_fragment", "expires_at"];
    private static readonly string[] RequestMembers = ["type", "request_id", "client_notification_token", "expires_at"];

    /// <summary>Reads one message. Never throws.</summary>
    public static ReadResult Read(ReadOnlyMemory<byte> message)
    {
        byte[]? id = null;
        try
        {
            using var document = JsonDocument.Parse(message);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return Invalid("The message is not a JSON object.");
            if (root.TryGetProperty("id", out var given) && !TryReadId(given, out id))
                return Invalid($"id must be a string or a number of at most {LongestId} bytes.");

            return ReadParts(root) with { Id = id };
        }
        catch (JsonException)
        {
            return Invalid("The message is not valid JSON.");
        }
        catch (InvalidOperationException)
        {
            // What the JSON reader throws for an escaped lone surrogate.
            return (ReadResult)Invalid("A string in the message is not valid Unicode.") with { Id = id };
        }
    }

    private static ReadResult ReadParts(JsonElement root)
    {
        if (Unknown(root, Parts) is { } unknown) return unknown;

        var commands = new List<Command>(4);
        Command.Creation? creation = null;
        CommandFault? fault;
        if (ClientMessageReader.TryGetPart(root, "create", out var create))
        {
            if (!TryReadCreation(create, out creation, out fault)) return fault;
            commands.Add(creation);
        }

        if (ClientMessageReader.TryGetPart(root, "register_to", out var registerTo))
        {
            if (!ClientMessageReader.TryReadTopic(registerTo, out var topic, out fault)) return fault;
            if (Unknown(registerTo, ["type", topic.Kind.KeyMember, "after", "tell_end"]) is { } unknownMember) return unknownMember;

            var hasAfter = ClientMessageReader.TryGetPart(registerTo, "after", out var after);
            var (position, isInstant, origin) = (0L, false, default(CursorOrigin?));
            if (hasAfter && !Cursor.TryRead(after, out position, out isInstant, out origin))
                return Invalid("after must be a cursor of this server, earliest, or an instant such as 2026-12-31T23:59:59.");
            if (!ClientMessageReader.TryReadBoolean(registerTo, "tell_end", out var asksForEnd))
                return Invalid("tell_end must be true or false.");
            commands.Add(new Command.Register(topic, hasAfter ? position : null, isInstant) { Origin = origin, AsksForEnd = asksForEnd });
        }

        if (ClientMessageReader.TryGetPart(root, "unregister_from", out var unregister))
        {
            if (!ClientMessageReader.TryReadTopic(unregister, out var topic, out fault)) return fault;
            if (Unknown(unregister, ["type", topic.Kind.KeyMember]) is { } unknownMember) return unknownMember;
            commands.Add(new Command.Unregister(topic));
        }

        if (ClientMessageReader.TryGetPart(root, "delete", out var delete))
        {
            if (!ClientMessageReader.TryReadTopic(delete, out var topic, out fault)) return fault;
            if (!topic.Kind.IsCreated)
                return Invalid("delete needs the type callback, openid_ciba_callback or webhook: only those are created.");
            if (Unknown(delete, ["type", topic.Kind.KeyMember]) is { } unknownMember) return unknownMember;
            if (creation?.Topic == topic)
                return Invalid("create and delete name the same thing; send two messages, in the order that is meant.");
            commands.Add(new Command.Delete(topic));
        }

        if (ClientMessageReader.TryGetPart(root, "refresh", out var refresh))
        {
            if (!ClientMessageReader.TryGetText(refresh, "token", out var token)) return Invalid("refresh needs a token, a string.");
            if (Unknown(refresh, ["token"]) is { } unknownMember) return unknownMember;
            if (commands.Count > 0) return Invalid("refresh must be alone in its message.");
            commands.Add(new Command.Refresh(token));
        }

        return new ReadResult(commands, null);
    }

    private static bool TryReadCreation(
        JsonElement create, [NotNullWhen(true)] out Command.Creation? creation, [NotNullWhen(false)] out CommandFault? fault)
    {
        creation = null;
        if (create.ValueKind != JsonValueKind.Object)
        {
            fault = Invalid("create must be an object.");
            return false;
        }

        var isRequest = create.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            && type.ValueEquals(EventKinds.OpenIdCibaCallback.TopicType);
        if (!isRequest && type.ValueKind == JsonValueKind.String && type.ValueEquals(EventKinds.Webhook.TopicType))
            return WebhookMessageReader.TryRead(create, out creation, out fault);

        fault = Unknown(create, isRequest ? RequestMembers : StateMembers);
        if (fault is not null) return false;
        if (isRequest) return TryReadRequest(create, out creation, out fault);
        if (!ClientMessageReader.TryReadCreate(create, out var state, out fault)) return false;

        creation = state;
        return true;
    }

    private static bool TryReadRequest(
        JsonElement create, [NotNullWhen(true)] out Command.Creation? creation, [NotNullWhen(false)] out CommandFault? fault)
    {
        creation = null;
        if (!ClientMessageReader.TryReadTopic(create, out var topic, out fault)) return false;
        if (!create.TryGetProperty("client_notification_token", out var member) || member.ValueKind != JsonValueKind.String
            || member.GetString() is not { } token || !BearerToken.IsToken(token))
        {
            fault = Invalid(
                $"create needs a client_notification_token, 1 to {BearerToken.MaximumLength} of the characters A-Z a-z 0-9 . _ ~ + / = -.");
        }
        else if (!create.TryGetProperty("expires_at", out var expiry) || !ExpiresAt.TryRead(expiry, out var expiresAt))
        {
            fault = Invalid("create needs expires_at, such as 2026-12-31T23:59:59.");
        }
        else
        {
            creation = new Command.CreateCibaRequest(topic.Key, token, expiresAt);
        }

        return creation is not null;
    }

    private static bool TryReadId(JsonElement element, out byte[]? id)
    {
        id = null;
        if (element.ValueKind == JsonValueKind.Number)
        {
            id = Encoding.ASCII.GetBytes(element.GetRawText());
        }
        else if (element.ValueKind == JsonValueKind.String)
        {
            var json = new CompactJsonWriter(64);
            json.Text(element.GetString());
            id = json.ToArray();
            json.Dispose();
        }

        if (id?.Length <= LongestId) return true;

        id = null;
        return false;
    }

    internal static CommandFault? Unknown(JsonElement part, string[] known)
    {
        foreach (var member in part.EnumerateObject())
        {
            if (!Array.Exists(known, name => member.NameEquals(name)))
                return Invalid($"The message has a member that is not known; known here are {string.Join(", ", known)}.");
        }

        return null;
    }

    private static CommandFault Invalid(string detail) => new(CommandFaultCode.InvalidMessage, detail);
}
