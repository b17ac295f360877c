using System.Globalization;

namespace Teal.Core.Addresses.Idna;

/// <summary>
/// The tables of UTS #46, read from the resource <c>idna.txt</c> when the first name beyond ASCII comes. .NET has them in ICU alone, which
/// Teal runs without: it would be one more thing to install.
/// </summary>
internal sealed class IdnaData
{
    private static readonly Lazy<IdnaData> Loaded = new(static () => new IdnaData());

    private readonly Dictionary<int, int[]> _mappings = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly Dictionary<int, (int First, int Second)> _decompositions = [];
    private readonly CodePointTable<bool> _valid;
    private readonly CodePointTable<byte> _combiningClasses;
    private readonly CodePointTable<BidiClass> _bidiClasses;
    private readonly CodePointTable<char> _joiningTypes;

    private IdnaData()
    {
        var runs = "vcbj".ToDictionary(static letter => letter, static _ => (Starts: new List<int>(), Values: new List<string>()));
        using var stream = typeof(IdnaData).Assembly.GetManifestResourceStream("idna.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line[0] == '#') continue;

            var parts = line.Split(' ');
            var codePoint = Hex(parts[1]);
            switch (line[0])
            {
                case 'm':
                    _mappings.Add(codePoint, [.. parts[2..].Select(Hex)]);
                    break;
                case 'p':
                    var pair = (codePoint, Hex(parts[2]));
                    _compositions.Add(pair, Hex(parts[3]));
                    _decompositions.Add(Hex(parts[3]), pair);
                    break;
                default:
                    runs[line[0]].Starts.Add(codePoint);
                    runs[line[0]].Values.Add(parts[2]);
                    break;
            }
        }

        _valid = Table('v', static value => value == "1");
        _combiningClasses = Table('c', static value => byte.Parse(value, CultureInfo.InvariantCulture));
        _bidiClasses = Table('b', Enum.Parse<BidiClass>);
        _joiningTypes = Table('j', static value => value[0]);

        CodePointTable<T> Table<T>(char letter, Func<string, T> read) =>
            new([.. runs[letter].Starts], [.. runs[letter].Values.Select(read)]);
    }

    public static IdnaData Shared => Loaded.Value;

    /// <summary>What a code point is replaced by, possibly nothing; null: it stays.</summary>
    public int[]? Mapping(int codePoint) => _mappings.GetValueOrDefault(codePoint);

    /// <summary>Whether a mapped name may have it.</summary>
    public bool IsValid(int codePoint) => _valid[codePoint];

    public byte CombiningClass(int codePoint) => _combiningClasses[codePoint];

    public BidiClass BidiClass(int codePoint) => _bidiClasses[codePoint];

    /// <summary>Unicode's letter: U, L, R, D, T or C.</summary>
    public char JoiningType(int codePoint) => _joiningTypes[codePoint];

    /// <summary>The two that a code point is composed of; null: it is not.</summary>
    public (int First, int Second)? Decomposition(int codePoint) => _decompositions.TryGetValue(codePoint, out var pair) ? pair : null;

    /// <summary>What the two are composed to; null: nothing.</summary>
    public int? Composition(int first, int second) => _compositions.TryGetValue((first, second), out var composed) ? composed : null;

    private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
