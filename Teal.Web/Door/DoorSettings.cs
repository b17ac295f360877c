using Teal.Core.Configuration;

using static Teal.Core.Configuration.SettingAddresses;
using static Teal.Core.Configuration.SettingQuantities;
using static Teal.Core.Configuration.SettingTexts;

namespace Teal.Web.Door;

/// <summary>The settings of <see cref="DoorOptions"/>, under <c>Teal:Dispatcher</c>.</summary>
public static class DoorSettings
{
    /// <summary><c>Dispatcher:PublicUrl</c>.</summary>
    public static readonly Setting<DoorOptions> PublicUrl =
        new("Dispatcher:PublicUrl", "https://events.example.org", "the dispatcher as the outside sees it; a path prefix is allowed",
            Public<DoorOptions>((o, v) => o.PublicUrl = v));

    /// <summary>Which pages may come in, and who guesses.</summary>
    public static readonly IReadOnlyList<Setting<DoorOptions>> Guests =
    [
        new("Dispatcher:AllowedOrigins", "https://app.example.org",
            "the origins of browsers' pages that may connect beside the dispatcher's own host; `null` for files, `*` for any",
            Origins()) { IsList = true, IsLive = true },
        new("Dispatcher:AllowQueryCredentials", "false",
            "whether browsers may give user and password in `?credentials=` of the websocket's URL",
            Boolean<DoorOptions>(o => o.AllowQueryCredentials, (o, v) => o.AllowQueryCredentials = v)) { IsLive = true },
        new("Dispatcher:GuessDelay", "10 s",
            "how long the answer to a wrong password is held back at most; it begins with 100 ms at an address's second one, and " +
            "doubles",
            Duration<DoorOptions>(TimeSpan.Zero, TimeSpan.FromMinutes(5), o => o.GuessDelay, (o, v) => o.GuessDelay = v)) { IsLive = true },
        new("Dispatcher:GuessMemory", "15 min", "how long an address's wrong passwords count",
            Duration<DoorOptions>(TimeSpan.Zero, Day, o => o.GuessMemory, (o, v) => o.GuessMemory = v)) { IsLive = true },
        new("Dispatcher:MaximumGuessers", "10000", "of how many addresses wrong passwords are counted; then the oldest are forgotten",
            Count<DoorOptions>(1, 10_000_000, o => o.MaximumGuessers, (o, v) => o.MaximumGuessers = v)) { IsLive = true },
        new("Dispatcher:MaximumHeldGuesses", "1000",
            "how many answers to wrong passwords are held back at once; further ones: 429 at once",
            Count<DoorOptions>(1, 1_000_000, o => o.MaximumHeldGuesses, (o, v) => o.MaximumHeldGuesses = v)) { IsLive = true },
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
