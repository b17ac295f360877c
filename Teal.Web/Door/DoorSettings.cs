using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingAddresses;
using static Teal.Core.Configuration.SettingTexts;

namespace Teal.Web.Door;

/// <summary>The settings of <see cref="DoorOptions"/>, under <c>Teal:Dispatcher</c>.</summary>
public static class DoorSettings
{
    /// <summary><c>Dispatcher:PublicUrl</c>.</summary>
    public static readonly Setting<DoorOptions> PublicUrl =
        new("Dispatcher:PublicUrl", "https://events.example.org", "the dispatcher as the outside sees it; a path prefix is allowed",
            Public<DoorOptions>((o, v) => o.PublicUrl = v));

    /// <summary>Which pages may come in.</summary>
    public static readonly IReadOnlyList<Setting<DoorOptions>> Guests =
    [
        new("Dispatcher:AllowedOrigins", "https://app.example.org",
            "the origins of browsers' pages that may connect beside the dispatcher's own host; `null` for files, `*` for any",
            Origins()) { IsList = true, IsLive = true },
        new("Dispatcher:AllowQueryCredentials", "false",
            "whether browsers may give user and password in `?credentials=` of the websocket's URL",
            Boolean<DoorOptions>(o => o.AllowQueryCredentials, (o, v) => o.AllowQueryCredentials = v)) { IsLive = true },
    ];

    // Origins of pages (RFC 6454), such as «https://app.example.org»; «null»; «*»; separated by commas.
    private static SettingType<DoorOptions> Origins() => new((options, text) =>
    {
        var origins = Items(text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!origins.All(IsOrigin))
            return "must be scheme, host and port only, such as https://app.example.org, or null, or *, separated by commas";

        options.AllowedOrigins = origins;
        return null;
    }, Pattern: "^(null|[*]|[A-Za-z][A-Za-z0-9+.-]*://[^/?#]+)$");

    // Other schemes than http are those of programs that show pages, such as browsers' extensions.
    private static bool IsOrigin(string text) =>
        text is "null" or "*"
        || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            && text.EndsWith($"://{uri.Authority}", StringComparison.OrdinalIgnoreCase));
}
