using Teal.Core.Configuration;
using Teal.Core.Hosting;

using static Teal.Core.Configuration.SettingTexts;

namespace Teal.Web.Pages;

/// <summary>The settings of <see cref="PageOptions"/>, under <c>Teal:Pages</c>.</summary>
public static class PageSettings
{
    private const int LongestLogo = 256 * 1024;

    private static readonly byte[] PngStart = [0x89, .. "PNG"u8];
    private static readonly byte[] JpegStart = [0xFF, 0xD8, 0xFF];

    private static readonly Dictionary<string, string> Pictures = new()
    {
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".webp"] = "image/webp",
    };

    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Setting<PageOptions>> All =
    [
        new("Pages:Name", "Example Bank", "whose pages they are, as end users know it; shown above the text",
            Text<PageOptions>((o, v) => o.Name = v)),
        new("Pages:Logo", "/etc/teal/logo.svg", "a logo: an SVG, PNG, JPEG or WebP file of at most 256 KiB", Logo()),
        new("Pages:Colour", "#1f6f78", "the colour of the line above the text", Colour()),
        new("Pages:SupportUrl", "https://example.org/help", "where end users get help: an `https:`, `http:` or `mailto:` address",
            SupportUrl()),
    ];

    // The path of a picture; set as a «data:» URL. Empty: none.
    private static SettingType<PageOptions> Logo() => new((options, text) =>
    {
        if (text.Length == 0) return null;
        if (!Pictures.TryGetValue(Path.GetExtension(text).ToLowerInvariant(), out var type))
            return $"must be the path of a file whose name ends in {string.Join(", ", Pictures.Keys)}";
        if (!FileKind.IsOrdinary(text)) return "must be the path of a file that is there";

        try
        {
            using var file = File.OpenRead(text);
            var content = new byte[LongestLogo + 1];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length > LongestLogo) return $"must be the path of a file of at most {LongestLogo / 1024} KiB";
            if (!IsPicture(content.AsSpan(0, length))) return "must be the path of a picture; what is in that file is none";

            options.Logo = $"data:{type};base64,{Convert.ToBase64String(content, 0, length)}";
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"must be the path of a file that can be read ({exception.Message.TrimEnd('.')})";
        }
    }, Pattern: "^(.+[.](svg|png|jpg|jpeg|webp))?$");

    // A colour in three or six hexadecimal digits.
    private static SettingType<PageOptions> Colour() => new((options, text) =>
    {
        if (text.Length is not (4 or 7) || text[0] != '#' || !text[1..].All(char.IsAsciiHexDigit))
            return "must be # and three or six hexadecimal digits";

        options.Colour = text;
        return null;
    }, static options => options.Colour, Pattern: "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$");

    // An address that a person opens; empty: none.
    private static SettingType<PageOptions> SupportUrl() => new((options, text) =>
    {
        if (text.Length > 0 && !(Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" or "mailto"))
            return "must start with https://, http:// or mailto:";

        options.SupportUrl = text;
        return null;
    }, Pattern: "^((https?://|mailto:).+)?$");

    // By how they begin: so no other file is published by mistake.
    private static bool IsPicture(ReadOnlySpan<byte> content) =>
        content.StartsWith(PngStart) || content.StartsWith(JpegStart) || content.StartsWith("RIFF"u8) || content.IndexOf("<svg"u8) >= 0;
}
