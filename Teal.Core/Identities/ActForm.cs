using System.Collections.Frozen;

namespace Teal.Core.Identities;

/// <summary>How an act is written in a permission, and what stands behind it there.</summary>
/// <param name="Act">The act.</param>
/// <param name="Name">Its word.</param>
/// <param name="Kinds">The kinds that it can be done with; empty: the act has none.</param>
/// <param name="HasPattern">Whether it is done with something that has a name.</param>
internal sealed record ActForm(Act Act, string Name, IReadOnlyList<string> Kinds, bool HasPattern)
{
    // As EventKind.ShortName has them. Messages are no kind yet: what may be done with them can be said already, so that accounts need no
    // change when they come.
    private static readonly string[] AllKinds = ["callback", "ciba", "powens", "webhook", "message"];

    /// <summary>All of them, in the order of <see cref="Identities.Act"/>.</summary>
    public static readonly IReadOnlyList<ActForm> All =
    [
        new(Act.Create, "create", ["callback", "ciba", "webhook"], true),
        new(Act.Read, "read", AllKinds, true),
        new(Act.ReadAny, "read-any", AllKinds, true),
        new(Act.Publish, "publish", ["message"], true),
        new(Act.Call, "call", [], true),
        new(Act.Serve, "serve", [], true),
        new(Act.Reveal, "reveal", [], false),
        new(Act.Admin, "admin", [], false),
    ];

    private static readonly FrozenDictionary<string, ActForm> Names = All.ToFrozenDictionary(static form => form.Name);

    /// <summary>A permission with this act that says what is done and with what.</summary>
    public string Example => !HasPattern ? Name : Kinds.Count > 0 ? $"{Name} {Kinds[0]}:*" : $"{Name} fn.*";

    /// <summary>The permissions to do it with everything.</summary>
    public IEnumerable<string> Everything =>
        !HasPattern ? [Name] : Kinds.Count > 0 ? Kinds.Select(kind => $"{Name} {kind}:*") : [$"{Name} *"];

    /// <summary>The one with that word; null: there is none.</summary>
    public static ActForm? ByName(string name) => Names.GetValueOrDefault(name);

    /// <summary>The one of that act.</summary>
    public static ActForm Of(Act act) => All[(int)act];
}
