using System.IO.Hashing;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Teal.Accounts.Keys;

namespace Teal.Tests.Accounts;

public sealed class KeyTextTests
{
    // Made once, so that the form of keys that somebody has cannot change unseen.
    private const string Known = "teal_4Fq0ZkTe_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg_";

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Test]
    public void Make_AKey_HasTheFormThatScannersKnow()
    {
        var key = KeyText.Make();

        key.Text.Should().MatchRegex("^teal_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$");
        key.Text[5..13].Should().Be(key.Id);
        KeyText.TryParse(key.Text, out var read).Should().BeTrue();
        read!.Id.Should().Be(key.Id);
    }

    [Test]
    public void Make_ManyKeys_AreAllDifferent() =>
        Enumerable.Range(0, 1000).Select(static _ => KeyText.Make().Text).Should().OnlyHaveUniqueItems();

    // Written out by hand: six digits of base 62, the most significant first.
    [Test]
    public void TryParse_ACheckOfTheRest_IsTheCrc32InBase62()
    {
        var check = "";
        for (var rest = Crc32.HashToUInt32(Encoding.ASCII.GetBytes(Known[..^1])); check.Length < 6; rest /= 62)
            check = Alphabet[(int)(rest % 62)] + check;

        KeyText.TryParse(Known + check, out var key).Should().BeTrue();
        key!.Id.Should().Be("4Fq0ZkTe");
    }

    [Test]
    public void TryParse_AKeyInUpperCase_IsNone()
    {
        var key = KeyText.Make().Text;

        KeyText.TryParse(key.ToUpperInvariant(), out _).Should().BeFalse();
        KeyText.TryParse("TEAL" + key[4..], out _).Should().BeFalse();
    }

    [TestCase("")]
    [TestCase("teal_")]
    [TestCase("teal___")]
    [TestCase("teal_00000000_0000000000000000000000000000000000000000000_000000", Description = "a check that is wrong")]
    [TestCase("teal_0000000é_0000000000000000000000000000000000000000000_000000")]
    [TestCase("teal_００００００００_0000000000000000000000000000000000000000000_000000", Description = "digits of another alphabet")]
    [TestCase("teal-00000000-0000000000000000000000000000000000000000000-000000")]
    [TestCase("teal_\0\0\0\0\0\0\0\0_0000000000000000000000000000000000000000000_000000")]
    public void TryParse_WhatIsNoKey_SaysSo(string text) => KeyText.TryParse(text, out _).Should().BeFalse();

    [Test]
    public void TryParse_WithSomethingBeforeOrBehind_IsNone()
    {
        var key = KeyText.Make().Text;

        foreach (var text in (string[])[key + "0", key + "\n", " " + key, key + key, key[..^1], key + new string('0', 1_000_000)])
            KeyText.TryParse(text, out _).Should().BeFalse();
    }

    [Test]
    public void TryParse_AKeyWithOneOtherCharacter_IsNone() => Prop.ForAll(
        Gen.Choose(0, KeyText.Make().Text.Length - 1).ToArbitrary(), ArbMap.Default.ArbFor<char>(), static (place, character) =>
        {
            var key = KeyText.Make().Text;
            var mistyped = key[..place] + character + key[(place + 1)..];
            return KeyText.TryParse(mistyped, out _) == (mistyped == key);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Test]
    public void TryParse_TwoCharactersInEachOthersPlace_IsNone() => Prop.ForAll(
        Gen.Choose(0, KeyText.Make().Text.Length - 2).ToArbitrary(), static place =>
        {
            var key = KeyText.Make().Text;
            var mistyped = key[..place] + key[place + 1] + key[place] + key[(place + 2)..];
            return KeyText.TryParse(mistyped, out _) == (mistyped == key);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Test]
    public void TryParse_AnyText_NeverThrows() => Prop.ForAll(ArbMap.Default.ArbFor<string?>(), static text =>
    {
        _ = KeyText.IsMeant(text ?? "");
        return !KeyText.TryParse(text ?? "", out _) && !KeyText.TryParse($"teal_{text}", out _);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Test]
    public void IsMeant_AKeyThatWasCutOrMistyped_IsStillOne()
    {
        var key = KeyText.Make().Text;

        foreach (var text in (string[])[key, key[..^1], key + "x", key[..45], key.Replace(key[20], '!')])
            KeyText.IsMeant(text).Should().BeTrue();
        foreach (var text in (string[])["", "teal_is_great", "correct horse battery staple and some more words than that", key[5..]])
            KeyText.IsMeant(text).Should().BeFalse();
    }

    [Test]
    public void ToString_OfAKey_DoesNotTellIt()
    {
        var key = KeyText.Make();

        $"{key}".Should().Be(key.Id);
    }
}
