using System.Text.Json;
using Teal.Core.Records;

namespace Teal.Accounts.Directory;

/// <summary>An account as the store keeps it: a JSON object in a record with the account's name.</summary>
internal static class AccountRecord
{
    /// <summary>Where accounts are in the store.</summary>
    public const string Collection = "account";

    /// <summary>What a record holds. Members that a later version adds are passed over.</summary>
    /// <exception cref="JsonException">It is no account.</exception>
    public static Account Read(StoredRecord record)
    {
        using var document = JsonDocument.Parse(record.Value);
        var json = document.RootElement;
        return new Account
        {
            Name = record.Key,
            Origin = AccountOrigin.Store,
            Version = record.Version,
            Team = Text(json, "team") ?? record.Key,
            Role = Text(json, "role"),
            Permissions = Texts(json, "permissions"),
            Redirects = Texts(json, "redirects"),
            Claims = json.TryGetProperty("claims", out var claims)
                ? claims.EnumerateObject().ToDictionary(static claim => claim.Name, static claim => claim.Value.GetString()!) : NoClaims,
            Enabled = !json.TryGetProperty("enabled", out var enabled) || enabled.GetBoolean(),
            PasswordHash = Text(json, "password"),
            PasswordSetAt = json.TryGetProperty("password_set_at", out var setAt) ? setAt.GetDateTime() : null,
        };
    }

    /// <summary>The value of its record.</summary>
    public static byte[] Write(Account account)
    {
        var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("team"u8, account.Team);
            if (account.Role is not null) json.WriteString("role"u8, account.Role);
            Write(json, "permissions", account.Permissions);
            Write(json, "redirects", account.Redirects);
            json.WriteStartObject("claims"u8);
            foreach (var (name, text) in account.Claims) json.WriteString(name, text);
            json.WriteEndObject();
            json.WriteBoolean("enabled"u8, account.Enabled);
            if (account.PasswordHash is not null) json.WriteString("password"u8, account.PasswordHash);
            if (account.PasswordSetAt is { } setAt) json.WriteString("password_set_at"u8, setAt);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static readonly Dictionary<string, string> NoClaims = [];

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string[] Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(static text => text.GetString()!)] : [];

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
