using System.CommandLine;
using System.Text.Json;

namespace Teal.Host.Commands;

/// <summary>What a command says of an account; what it does not say stays, or has its default.</summary>
internal sealed class AccountOptions
{
    private static readonly Option<string> Team = new("--team") { Description = "Who owns what it makes (default: its own name)" };
    private static readonly Option<string> Role =
        new("--role") { Description = "Its role: member, reader, admin, or one of the settings; an empty one takes it away" };

    private static readonly Option<string[]> Permission =
        new("--permission") { Description = "A permission of its own; may be given several times, and an empty one takes all away" };

    private static readonly Option<string[]> Redirect =
        new("--redirect") { Description = "A pattern of addresses that its states may lead to; several, and empty, likewise" };

    private static readonly Option<string[]> Claim = new("--claim") { Description = "NAME=TEXT; several, and empty, likewise" };
    private static readonly Option<bool> Disable = new("--disable") { Description = "Let it in no more" };
    private static readonly Option<bool> Enable = new("--enable") { Description = "Let it in again" };

    private string? _team;
    private string? _role;
    private string[]? _permissions;
    private string[]? _redirects;
    private string[][]? _claims;
    private bool? _isEnabled;

    /// <summary>Adds the options to a command.</summary>
    public static Command AddTo(Command command)
    {
        foreach (var option in new Option[] { Team, Role, Permission, Redirect, Claim, Disable, Enable }) command.Add(option);
        return command;
    }

    /// <summary>Reads what is said; false: the complaint says what is wrong.</summary>
    public static bool TryRead(ParseResult result, out AccountOptions wish, out string complaint)
    {
        var (isDisabled, isEnabled) = (result.GetValue(Disable), result.GetValue(Enable));
        wish = new AccountOptions
        {
            _team = result.GetValue(Team),
            _role = result.GetValue(Role),
            _permissions = ListOf(result, Permission),
            _redirects = ListOf(result, Redirect),
            _claims = ListOf(result, Claim)?.Select(static claim => claim.Split('=', 2)).ToArray(),
            _isEnabled = isDisabled ? false : isEnabled ? true : null,
        };
        complaint = isDisabled && isEnabled ? "--enable and --disable exclude each other."
            : wish._claims?.Any(static claim => claim.Length < 2) == true ? "--claim must be NAME=TEXT, such as employeeId=baker-001." : "";
        return complaint.Length == 0;
    }

    /// <summary>Writes the members of the account.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="former">The account as it is; nothing: it is new.</param>
    public void Write(Utf8JsonWriter json, JsonElement former)
    {
        WriteText(json, "team", _team, former);
        WriteText(json, "role", _role, former);
        WriteTexts(json, "permissions", _permissions, former);
        WriteTexts(json, "redirects", _redirects, former);
        if (_claims is not null)
        {
            json.WriteStartObject("claims");
            foreach (var claim in _claims) json.WriteString(claim[0], claim[1]);
            json.WriteEndObject();
        }
        else
        {
            Keep(json, "claims", former);
        }

        if (_isEnabled is { } isEnabled) json.WriteBoolean("enabled", isEnabled);
        else Keep(json, "enabled", former);
    }

    // Null: nothing is said.
    private static string[]? ListOf(ParseResult result, Option<string[]> option) =>
        result.GetResult(option) is null ? null : [.. result.GetValue(option)!.Where(static text => text.Length > 0)];

    private static void WriteText(Utf8JsonWriter json, string name, string? text, JsonElement former)
    {
        if (text is null) Keep(json, name, former);
        else if (text.Length > 0) json.WriteString(name, text);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, string[]? texts, JsonElement former)
    {
        if (texts is null)
        {
            Keep(json, name, former);
            return;
        }

        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Keep(Utf8JsonWriter json, string name, JsonElement former)
    {
        if (former.Find(name) is not { } value) return;

        json.WritePropertyName(name);
        value.WriteTo(json);
    }
}
