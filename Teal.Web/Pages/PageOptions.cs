namespace Teal.Web.Pages;

/// <summary>How pages look, under <c>Teal:Pages</c> (specification 2.1).</summary>
public sealed class PageOptions
{
    /// <summary>Whose pages they are, as the end user knows it; empty: they do not say.</summary>
    public string Name { get; set; } = "";

    /// <summary>The logo, as a <c>data:</c> URL; empty: none.</summary>
    public string Logo { get; set; } = "";

    /// <summary>The colour of the line above the text, as <c>#1f6f78</c>.</summary>
    public string Colour { get; set; } = "#1f6f78";

    /// <summary>Where an end user gets help, an <c>https:</c>, <c>http:</c> or <c>mailto:</c> address; empty: nowhere.</summary>
    public string SupportUrl { get; set; } = "";
}
