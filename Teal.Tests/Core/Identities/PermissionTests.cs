using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Kinds;
using Teal.Tests.Support;

namespace Teal.Tests.Core.Identities;

public sealed class PermissionTests
{
    private const int LongestFault = 300;

    [TestCase("create callback:*", Act.Create, "callback")]
    [TestCase("create webhook:acme-*", Act.Create, "webhook")]
    [TestCase("read ciba:a b:c,d", Act.Read, "ciba")]
    [TestCase("read-any message:orders.*", Act.ReadAny, "message")]
    [TestCase("publish message:*", Act.Publish, "message")]
    [TestCase("call fn.*", Act.Call, null)]
    [TestCase("serve *", Act.Serve, null)]
    [TestCase("reveal", Act.Reveal, null)]
    [TestCase("admin", Act.Admin, null)]
    public void TryParse_APermission_SaysWhatMayBeDone(string text, Act act, string? kind)
    {
        Permission.TryParse(text, out var permission, out var fault).Should().BeTrue(fault);

        permission!.Act.Should().Be(act);
        permission.Kind.Should().Be(kind);
        permission.Text.Should().Be(text);
    }

    [TestCase("", "must begin with one of create, read, read-any, publish, call, serve, reveal, admin; \"\" is none of them")]
    [TestCase("raed callback:s3cr3t", "must begin with one of create, *; \"raed\" is none of them")]
    [TestCase("Read callback:s3cr3t", "*\"Read\" is none of them")]
    [TestCase("*", "*\"*\" is none of them")]
    [TestCase("admin *", "must be admin alone")]
    [TestCase("reveal callback:s3cr3t", "must be reveal alone")]
    [TestCase("read", "must have KIND:PATTERN behind read, such as read callback:*")]
    [TestCase("read s3cr3t", "must have KIND:PATTERN behind read, such as read callback:*")]
    [TestCase("read *:s3cr3t", "must have one of callback, ciba, powens, webhook, message behind read; \"*\" is none of them")]
    [TestCase("read Callback:s3cr3t", "*\"Callback\" is none of them")]
    [TestCase("read  callback:s3cr3t", "*\" callback\" is none of them")]
    [TestCase("read openid_ciba_callback:s3cr3t", "*\"openid_ciba_callback\" is none of them")]
    [TestCase("create powens:s3cr3t", "must have one of callback, ciba, webhook behind create; \"powens\" is none of them")]
    [TestCase("publish callback:s3cr3t", "must have one of message behind publish; \"callback\" is none of them")]
    [TestCase("read callback:", "must have a pattern behind read callback:, such as *, which is any key")]
    [TestCase("read callback: s3cr3t", "must have no further white space behind read callback:, but a pattern, such as *, *")]
    [TestCase("call", "must have a pattern behind call, such as call fn.*")]
    [TestCase("call  s3cr3t", "must have no further white space behind call, but a pattern, such as call fn.*")]
    [TestCase(" admin", "must have no white space at its beginning and its end")]
    [TestCase("read callback:s3cr3t\u00a0", "must have no white space at its beginning and its end")]
    [TestCase("read callback:s3cr3t\n", "must have no control characters, and nothing that is no Unicode")]
    [TestCase("read callback:\0s3cr3t", "must have no control characters, *")]
    [TestCase("read callback:s3cr3t\ufffd", "must have no control characters, *")]
    public void TryParse_AWrongText_SaysWhatIsWrongAndWhatIsRight(string text, string fault)
    {
        Permission.TryParse(text, out var permission, out var found).Should().BeFalse();

        permission.Should().BeNull();
        found.Should().Match(fault).And.NotContain("s3cr3t", "a key is a secret");
    }

    [Test]
    public void TryParse_ALoneSurrogate_IsRefused() =>
        Permission.TryParse("read callback:\ud83d", out _, out _).Should().BeFalse("no key has one");

    [Test]
    public void TryParse_ALongText_IsRefused()
    {
        var longest = "read callback:".PadRight(Permission.MaximumLength, 'a');
        var powens = "read powens:".PadRight(Permission.MaximumLength, 'a');

        Permission.TryParse(longest, out _, out _).Should().BeTrue();
        Permission.TryParse(longest + 'a', out _, out var fault).Should().BeFalse();
        fault.Should().Be("must have at most 1024 characters");
        Permission.TryParse(powens, out _, out fault).Should().BeFalse("its key is longer");
        fault.Should().Be("must have at most 1024 characters");
    }

    // Where a program registers, the same is done with what it writes.
    [TestCase("read powens:budgea", "read powens:budgea.biapi.pro")]
    [TestCase("read powens:budgea.biapi.pro", "read powens:budgea.biapi.pro")]
    [TestCase("read powens:budgea*", "read powens:budgea*", Description = "a pattern is none of keys alone")]
    [TestCase("read callback:**a**", "read callback:*a*")]
    [TestCase("read callback:A", "read callback:A")]
    public void Text_OfAPermission_SaysWhatIsMeant(string text, string meant) => Parse(text).Text.Should().Be(meant);

    [TestCase("read powens:BUDGEA*", "budgea.biapi.pro", false)]
    [TestCase("read powens:BUDGEA*", "BUDGEA.biapi.pro", true)]
    [TestCase("read powens:budgea*", "BUDGEA.biapi.pro", false)]
    [TestCase("read powens:*.BIAPI.PRO", "budgea.biapi.pro", false)]
    [TestCase("read powens:budgea", "budgea.biapi.pro", true)]
    public void Allows_AKeyInAnotherCase_DoesNot(string text, string key, bool isAllowed) =>
        Parse(text).Allows(Act.Read, "powens", key).Should().Be(isAllowed, "another case is another topic");

    [TestCaseSource(nameof(Kinds))]
    public void TryParse_EachKindThatThereIs_TakesItsShortName(EventKind kind)
    {
        var permission = Parse($"read {kind.ShortName}:*");

        permission.Allows(Act.Read, kind.ShortName, kind.NormalizeKey("a")).Should().BeTrue();
        Kinds().Where(other => permission.Allows(Act.Read, other.ShortName, "a")).Should().Equal(kind);
    }

    [Test]
    public void ToString_OfAPermission_HasNoKey()
    {
        Parse("read callback:s3cr3t").ToString().Should().Be("read callback");
        Parse("call s3cr3t").ToString().Should().Be("call");
    }

    [Test]
    public void Text_OfAnyPermission_IsReadAsTheSame() => Prop.ForAll(Texts(), static text =>
    {
        var permission = Parse(text);
        var again = Parse(permission.Text);
        return again.Equals(permission) && again.GetHashCode() == permission.GetHashCode() && again.Text == permission.Text;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void TryParse_AnyText_HasAPermissionOrAShortFault() => Prop.ForAll(Anything(), static text =>
    {
        var isRight = Permission.TryParse(text, out var permission, out var fault);
        return isRight
            ? fault is null && Parse(permission!.Text).Equals(permission) && permission.Text.Length <= Permission.MaximumLength
            : permission is null && fault!.Length < LongestFault && !fault.Any(char.IsControl)
                && !fault.EnumerateRunes().Contains(Rune.ReplacementChar);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static IEnumerable<EventKind> Kinds() => EventKinds.All.Append(MessageKind.Instance);

    private static Permission Parse(string text) =>
        Permission.TryParse(text, out var permission, out var fault) ? permission : throw new FormatException(fault);

    // Right ones, their keys of what keys may have.
    private static Arbitrary<string> Texts()
    {
        var patterns = Gen.Elements("a", "B", "*", "**", ".", ":", "@", "é", "😀", ".biapi.pro").NonEmptyListOf().Select(string.Concat);
        var begin = Gen.Elements(
            "create callback:", "create ciba:", "create webhook:", "read powens:", "read-any message:", "publish message:", "call ",
            "serve ");
        return begin.SelectMany(_ => patterns, static (first, pattern) => first + pattern).ToArbitrary();
    }

    private static Arbitrary<string> Anything()
    {
        string[] pieces =
        [
            "read", "read-any", "create", "call", "admin", "callback", "powens", " ", ":", "*", "a", "A", "\0", "\n", "\u0085", "\ud83d",
            "😀", "\u202e", new string('*', 500), new string('x', 600),
        ];
        var made = Gen.Elements(pieces).ListOf().Select(string.Concat);
        return Gen.OneOf(made, ArbMap.Default.GeneratorFor<string>().Select(static text => text ?? "")).ToArbitrary();
    }
}
