using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;
using Teal.Tests.Support;

namespace Teal.Tests.Core.Identities;

public sealed class PermissionsTests
{
    private static readonly Topic[] Topics =
    [
        .. EventKinds.All.Append(MessageKind.Instance)
            .SelectMany(static _ => new[] { "a", "b", "ab", "ba", "aab" }, static (kind, key) => new Topic(kind, kind.NormalizeKey(key))),
    ];

    private static readonly string[] Texts =
    [
        "create callback:*", "create callback:a*", "create ciba:b", "read callback:*", "read callback:a*", "read callback:*b",
        "read ciba:*", "read powens:a", "read powens:a*", "read message:ab", "read-any callback:*b", "read-any powens:*", "read webhook:*",
        "publish message:a*", "publish message:*", "call a*", "call *b", "serve *", "reveal", "admin",
    ];

    [Test]
    public void May_WithoutPermissions_IsNothing()
    {
        Allowed(Permissions.None).Should().BeEmpty();
        Allowed(Permissions.Of([])).Should().BeEmpty();
    }

    [Test]
    public void May_WithAll_IsEverythingThatThereIs()
    {
        var all = Allowed(Permissions.All);

        foreach (var topic in Topics) all.Should().Contain([$"Read {Name(topic)}", $"ReadAny {Name(topic)}"]);
        all.Should().Contain(["Create Callback a", "Create OpenIdCibaCallback a", "Publish Message a"]);
        all.Should().Contain(["Call a", "Serve a", "Reveal", "Admin"]);
        all.Should().NotContain(["Create PowensDomain a.biapi.pro", "Create Message a", "Publish Callback a"]);
        Permissions.All.Lists.Single().Select(static permission => permission.Text)
            .Should().Contain(["create webhook:*", "read webhook:*"]);
    }

    [Test]
    public void May_WithAllButAdmin_IsEverythingElse() =>
        Allowed(Permissions.AllButAdmin).Append("Admin").Should().BeEquivalentTo(Allowed(Permissions.All));

    [Test]
    public void May_ReadWhatAnybodyOwns_IsMoreThanToRead()
    {
        var callback = new Topic(EventKinds.Callback, "a");
        var (own, any) = (Permissions.Of(["read callback:*"]), Permissions.Of(["read-any callback:*"]));

        (own.May(Act.Read, callback), own.May(Act.ReadAny, callback)).Should().Be((true, false));
        (any.May(Act.Read, callback), any.May(Act.ReadAny, callback)).Should().Be((true, true));
        any.Narrow(own).May(Act.Read, callback).Should().BeTrue();
        any.Narrow(own).May(Act.ReadAny, callback).Should().BeFalse();
        any.May(Act.Create, callback).Should().BeFalse();
    }

    [Test]
    public void May_AskedWithoutWhatTheActIsDoneWith_IsNot()
    {
        Permissions.All.May(Act.Read).Should().BeFalse();
        Permissions.All.May(Act.Call).Should().BeFalse();
        Permissions.All.May(Act.Admin, "a").Should().BeFalse();
        Permissions.All.May(Act.Call, new Topic(EventKinds.Callback, "a")).Should().BeFalse();
    }

    [Test]
    public void TryParse_AWrongText_IsToldByItsNumber()
    {
        Permissions.TryParse(["admin", "call", "raed"], out var permissions, out var fault).Should().BeFalse();

        permissions.Should().BeNull();
        fault.Should().StartWith("permission 2 must have a pattern behind call");
    }

    [Test]
    public void TryParse_TooMany_IsRefused()
    {
        string[] texts = [.. Enumerable.Range(0, Permissions.MaximumCount).Select(static i => $"read callback:{i}")];

        Permissions.TryParse(texts, out var permissions, out _).Should().BeTrue();
        permissions!.May(Act.Read, new Topic(EventKinds.Callback, "999")).Should().BeTrue();
        Permissions.TryParse([.. texts, "admin"], out _, out var fault).Should().BeFalse();
        fault.Should().Be("must be at most 1000 permissions");
    }

    [Test]
    public void TryParse_InAnotherOrderAndTwice_AllowsTheSame() => ForAll(static (one, _) =>
        Allowed(Permissions.Of(one)).SequenceEqual(Allowed(Permissions.Of(one.Reverse().Concat(one))))
        && Permissions.Of(one.Concat(one)).Lists.Single().Count == one.Distinct().Count());

    [Test]
    public void Lists_OfPermissions_AreReadAsTheSame() => ForAll(static (one, _) =>
        Permissions.Of(Permissions.Of(one).Lists.Single().Select(static permission => permission.Text)).Lists.Single()
            .SequenceEqual(Permissions.Of(one).Lists.Single()));

    [Test]
    public void With_Others_AllowsWhatOneOfThemDoes() => ForAll(static (one, other) =>
        Allowed(Permissions.Of(one).With(Permissions.Of(other))).ToHashSet()
            .SetEquals(Allowed(Permissions.Of(one)).Union(Allowed(Permissions.Of(other)))));

    [Test]
    public void With_OthersWhereBothWereNarrowed_AllowsWhatOneOfThemDoes() => ForAll(static (one, other) =>
    {
        var first = Permissions.Of(one).Narrow(Permissions.Of(other));
        var second = Permissions.Of(other).Narrow(Permissions.Of(one.Skip(1)));
        return Allowed(first.With(second)).ToHashSet().SetEquals(Allowed(first).Union(Allowed(second)));
    });

    [Test]
    public void Narrow_ByOthers_AllowsWhatBothDoAndNothingElse() => ForAll(static (one, other) =>
        Allowed(Permissions.Of(one).Narrow(Permissions.Of(other))).ToHashSet()
            .SetEquals(Allowed(Permissions.Of(one)).Intersect(Allowed(Permissions.Of(other)))));

    [Test]
    public void Narrow_AgainAndAgain_NeverGrants() => ForAll(static (one, other) =>
    {
        var narrow = Permissions.Of(one).Narrow(Permissions.Of(other));
        return Allowed(narrow.Narrow(Permissions.All)).SequenceEqual(Allowed(narrow))
            && Allowed(narrow.Narrow(Permissions.None)).Length == 0;
    });

    // Neither of the two is a part of the other.
    [TestCase("ab", true)]
    [TestCase("axb", true)]
    [TestCase("a", false)]
    [TestCase("b", false)]
    public void Narrow_APatternByAnother_AllowsWhatBothMatch(string key, bool isAllowed) =>
        Permissions.Of(["read callback:a*"]).Narrow(Permissions.Of(["read callback:*b"]))
            .May(Act.Read, new Topic(EventKinds.Callback, key)).Should().Be(isAllowed);

    [Test]
    public void ToString_OfPermissions_HasNoKey() =>
        Permissions.Of(["read callback:s3cr3t", "admin"]).Narrow(Permissions.Of(["admin"])).ToString()
            .Should().Be("2 narrowed by 1 permissions");

    private static void ForAll(Func<string[], string[], bool> holds)
    {
        var some = Gen.Elements(Texts).ArrayOf().ToArbitrary();
        Prop.ForAll(some, some, holds).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    // Of all questions that can be asked, those that are answered with yes.
    private static string[] Allowed(Permissions permissions) =>
    [
        .. Enum.GetValues<Act>().Where(permissions.May).Select(static act => $"{act}"),
        .. Enum.GetValues<Act>().SelectMany(static _ => Topics, static (act, topic) => (Act: act, Topic: topic))
            .Where(question => permissions.May(question.Act, question.Topic))
            .Select(static question => $"{question.Act} {Name(question.Topic)}"),
        .. Enum.GetValues<Act>().SelectMany(static _ => new[] { "a", "b", "ab" }, static (act, name) => (Act: act, Name: name))
            .Where(question => permissions.May(question.Act, question.Name)).Select(static question => $"{question.Act} {question.Name}"),
    ];

    private static string Name(Topic topic) => $"{topic.Kind} {topic.Key}";
}
