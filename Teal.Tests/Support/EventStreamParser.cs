namespace Teal.Tests.Support;

/// <summary>Reads lines of an event stream as WHATWG HTML section 9.2.6 wants it.</summary>
internal sealed class EventStreamParser
{
    private string _data = "";
    private string _type = "";

    /// <summary>All events of a whole stream.</summary>
    public static List<StreamEvent> Parse(string stream)
    {
        var parser = new EventStreamParser();
        return [.. stream.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n')[..^1].Select(parser.Read).OfType<StreamEvent>()];
    }

    /// <summary>Takes one line; an event where it ends one.</summary>
    public StreamEvent? Read(string line)
    {
        if (line.Length == 0)
        {
            var ended = _data.Length == 0 ? null : new StreamEvent(_data[..^1], _type.Length == 0 ? "message" : _type);
            (_data, _type) = ("", "");
            return ended;
        }

        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
        if (value.StartsWith(' ')) value = value[1..];
        if (name == "data") _data += value + "\n";
        else if (name == "event") _type = value;
        return null;
    }
}
