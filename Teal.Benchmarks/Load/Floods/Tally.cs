using System.Globalization;

namespace Teal.Benchmarks.Load.Floods;

/// <summary>How a server answers a flood.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int> _answers = new(StringComparer.Ordinal);

    /// <summary>How many answers there were, and connections that were closed without one.</summary>
    public int All => _answers.Values.Sum();

    /// <summary>How many of them say that the server is at fault, and not only that it cannot now.</summary>
    public int Faults =>
        _answers.Where(static answer => answer.Key.StartsWith('5') && answer.Key != "503").Sum(static answer => answer.Value);

    /// <summary>One more answer, with its status or another word for it.</summary>
    public void Add(string answer) => _answers[answer] = _answers.GetValueOrDefault(answer) + 1;

    /// <summary>One more with that status.</summary>
    public void Add(int status) => Add(status.ToString(CultureInfo.InvariantCulture));

    /// <summary>Forgets them.</summary>
    public void Clear() => _answers.Clear();

    /// <summary>All of them.</summary>
    public override string ToString() =>
        string.Join(
            ", ", _answers.Select(static answer => string.Create(CultureInfo.InvariantCulture, $"{answer.Value:N0} x {answer.Key}")));
}
