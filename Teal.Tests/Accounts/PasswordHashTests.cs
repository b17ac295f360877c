using FsCheck;
using FsCheck.Fluent;
using Teal.Accounts.Hashing;

namespace Teal.Tests.Accounts;

public sealed class PasswordHashTests
{
    // Of «pässwörd», by another implementation (Python's hashlib).
    private const string Foreign = "$pbkdf2-sha512$i=1000$AAECAwQFBgcICQoLDA0ODw$tesGdwmZwygAGYLzLiZnuLe7u7U7QwD64kd8Dxsmq1c";

    [Test]
    public void IsOf_AHashOfAnotherImplementation_IsRightForThatPasswordAlone()
    {
        PasswordHash.TryParse(Foreign, out var hash).Should().BeTrue();

        hash!.IsOf("pässwörd").Should().BeTrue();
        hash.IsOf("passwörd").Should().BeFalse();
        hash.ToString().Should().Be(Foreign);
    }

    [Test]
    public void Make_Twice_GivesOtherTextsThatAreReadBack()
    {
        string[] texts = [.. Enumerable.Range(0, 2).Select(static _ => PasswordHash.Make("secret", 1000).ToString())];

        texts.Should().OnlyHaveUniqueItems();
        foreach (var text in texts)
        {
            PasswordHash.TryParse(text, out var hash).Should().BeTrue();
            hash!.Rounds.Should().Be(1000);
            hash.IsOf("secret").Should().BeTrue();
        }
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("secret")]
    [TestCase("$2b$12$abcdefghijklmnopqrstuv")]
    [TestCase("$pbkdf2-sha256$i=1000$AAECAwQFBgcICQoLDA0ODw$tesGdwmZwygAGYLzLiZnuLe7u7U7QwD64kd8Dxsmq1c")]
    [TestCase("$pbkdf2-sha512$i=999$AAECAwQFBgcICQoLDA0ODw$tesGdwmZwygAGYLzLiZnuLe7u7U7QwD64kd8Dxsmq1c")]
    [TestCase("$pbkdf2-sha512$i=10000001$AAECAwQFBgcICQoLDA0ODw$tesGdwmZwygAGYLzLiZnuLe7u7U7QwD64kd8Dxsmq1c")]
    [TestCase("$pbkdf2-sha512$i=-1000$AAECAwQFBgcICQoLDA0ODw$tesGdwmZwygAGYLzLiZnuLe7u7U7QwD64kd8Dxsmq1c")]
    [TestCase("$pbkdf2-sha512$1000$AAECAwQFBgcICQoLDA0ODw$tesGdwmZwygAGYLzLiZnuLe7u7U7QwD64kd8Dxsmq1c")]
    [TestCase("$pbkdf2-sha512$i=1000$AAECAwQFBgcICQoLDA0ODw==$tesGdwmZwygAGYLzLiZnuLe7u7U7QwD64kd8Dxsmq1c")]
    [TestCase("$pbkdf2-sha512$i=1000$AAEC$tesGdwmZwygAGYLzLiZnuLe7u7U7QwD64kd8Dxsmq1c")]
    [TestCase("$pbkdf2-sha512$i=1000$AAECAwQFBgcICQoLDA0ODw$")]
    [TestCase("$pbkdf2-sha512$i=1000$AAECAwQFBgcICQoLDA0ODw$tesG")]
    [TestCase("$pbkdf2-sha512$i=1000$AAECAwQFBgcICQoLDA0ODw$tesGdwmZwygAGYLzLiZnuLe7u7U7QwD64kd8Dxsmq1c$")]
    [TestCase("$pbkdf2-sha512$i=1000$AAECAwQFBgc ICQoLDA0ODw$tesGdwmZwygAGYLzLiZnuLe7u7U7QwD64kd8Dxsmq1c")]
    public void TryParse_WhatIsNoHash_IsRefused(string? text) => PasswordHash.TryParse(text, out _).Should().BeFalse();

    [Test]
    public void TryParse_AnyText_NeverThrowsAndWritesWhatItRead() => Prop.ForAll<string?>(static text =>
        !PasswordHash.TryParse(text, out var hash) || hash.ToString() == text).QuickCheckThrowOnFailure();

    [Test]
    public void TryParse_AnyChangeOfAHash_IsRefusedOrIsNotOfThePassword() => Prop.ForAll<int, char>(static (place, character) =>
    {
        var at = Math.Abs(place % Foreign.Length);
        var changed = Foreign[..at] + character + Foreign[(at + 1)..];
        if (changed == Foreign || !PasswordHash.TryParse(changed, out var hash)) return true;

        // More rounds would take long, and are another hash.
        return hash.Rounds != 1000 || !hash.IsOf("pässwörd");
    }).QuickCheckThrowOnFailure();
}
