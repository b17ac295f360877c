using FsCheck;
using FsCheck.Fluent;
using Teal.Host.Commands;

namespace Teal.Tests.Host.Commands;

/// <summary>Tables fit a terminal, whatever is in them.</summary>
internal sealed class TextTableTests
{
    [Test]
    public void Render_WhatFits_IsUnderItsHeadings() =>
        TextTable.Render(["NAME", "TEAM"], [["anna", "shop"], ["a-longer-name", ""]]).Should().Be(
            """
            NAME           TEAM
            anna           shop
            a-longer-name
            """.ReplaceLineEndings("\n"));

    [Test]
    public void Render_WhatIsTooWide_IsCutInTheWidestColumn() =>
        TextTable.Render(["ID", "LABEL"], [["12345678", new string('x', 200)]]).Split('\n')[1]
            .Should().Be($"12345678  {new string('x', 69)}…");

    [Test]
    public void Render_NoRows_IsTheHeadings() => TextTable.Render(["NAME", "TEAM"], []).Should().Be("NAME  TEAM");

    [Test]
    public void Render_AnyCells_FitsEightyColumns() => Prop.ForAll(Gen.Choose(0, 300).ArrayOf(6).ToArbitrary(), static lengths =>
        TextTable.Render(["A", "B", "C", "D", "E", "F"], [[.. lengths.Select(static length => new string('x', length))]])
            .Split('\n').All(static line => line.Length <= 80)).QuickCheckThrowOnFailure();
}
