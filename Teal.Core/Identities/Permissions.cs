using System.Diagnostics.CodeAnalysis;
using Teal.Core.Events;

namespace Teal.Core.Identities;

/// <summary>
/// What somebody may do (specification 8). Each <see cref="Permission"/> only grants, and what is not granted is not allowed. Where a key
/// narrows what its account may do, both lists are kept, and each of them has to allow what is done: the intersection of two patterns is
/// none. Immutable; any thread may ask.
/// </summary>
public sealed class Permissions
{
    /// <summary>How many permissions a list may have, so that a question takes a bounded time.</summary>
    public const int MaximumCount = 1000;

    /// <summary>Nothing.</summary>
    public static readonly Permissions None = new([[]]);

    /// <summary>Everything.</summary>
    public static readonly Permissions All = Of(ActForm.All.SelectMany(static form => form.Everything));

    /// <summary>All but <c>admin</c>, as <c>anonymous</c> has them.</summary>
    public static readonly Permissions AllButAdmin =
        Of(ActForm.All.Where(static form => form.Act != Act.Admin).SelectMany(static form => form.Everything));

    private readonly Permission[][] _lists;

    private Permissions(Permission[][] lists) => _lists = lists;

    /// <summary>The lists, each of which has to allow what is done: one, and one more for each time that they were narrowed.</summary>
    public IReadOnlyList<IReadOnlyList<Permission>> Lists => _lists;

    /// <summary>Those of texts that are known to be right.</summary>
    /// <exception cref="FormatException">One of them is not.</exception>
    public static Permissions Of(IEnumerable<string> texts) =>
        TryParse([.. texts], out var permissions, out var fault) ? permissions : throw new FormatException(fault);

    /// <summary>Reads a list of texts; the order does not matter, and twice is once.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="permissions">What they allow together.</param>
    /// <param name="fault">
    /// What is wrong with them, the first fault by the number of its text: words for an operator or a program. Null: nothing.
    /// </param>
    public static bool TryParse(
        IReadOnlyCollection<string> texts, [NotNullWhen(true)] out Permissions? permissions, out string? fault)
    {
        permissions = null;
        fault = $"must be at most {MaximumCount} permissions";
        if (texts.Count > MaximumCount) return false;

        var list = new List<Permission>(texts.Count);
        foreach (var text in texts)
        {
            if (!Permission.TryParse(text, out var permission, out fault))
            {
                fault = $"permission {list.Count + 1} {fault}";
                return false;
            }

            list.Add(permission);
        }

        fault = null;
        permissions = new Permissions([[.. list.Distinct()]]);
        return true;
    }

    /// <summary>Whether something may be done that needs neither kind nor key.</summary>
    public bool May(Act act) => May(act, null, null);

    /// <summary>Whether something may be done with a topic, whose key is a normal one (<see cref="EventKind.NormalizeKey"/>).</summary>
    public bool May(Act act, Topic topic) => May(act, topic.Kind.ShortName, topic.Key);

    /// <summary>Whether a procedure may be called, or served.</summary>
    public bool May(Act act, string procedure) => May(act, null, procedure);

    /// <summary>What both of them grant, together.</summary>
    public Permissions With(Permissions others) =>
        new([.. _lists.SelectMany(_ => others._lists, static (list, other) => (Permission[])[.. list.Union(other)])]);

    /// <summary>What these allow and those allow, too.</summary>
    public Permissions Narrow(Permissions by) => new([.. _lists, .. by._lists]);

    /// <summary>How many they are: a permission may hold a key, which has no place in a log.</summary>
    public override string ToString() => $"{string.Join(" narrowed by ", _lists.Select(static list => list.Length))} permissions";

    private bool May(Act act, string? kind, string? key)
    {
        foreach (var list in _lists)
        {
            if (!Allows(list, act, kind, key)) return false;
        }

        return true;
    }

    private static bool Allows(Permission[] list, Act act, string? kind, string? key)
    {
        foreach (var permission in list)
        {
            if (permission.Allows(act, kind, key)) return true;
        }

        return false;
    }
}
