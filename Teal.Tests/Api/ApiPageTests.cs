using FsCheck;
using FsCheck.Fluent;
using Teal.Api.Http;

namespace Teal.Tests.Api;

/// <summary>Whoever goes from page to page sees each thing once, in order.</summary>
internal sealed class ApiPageTests
{
    [Test]
    public void Pages_OfAnyThingsInAnyOrder_HaveEachOnceInOrder() =>
        Prop.ForAll(Gen.Choose(1, 7).ToArbitrary(), ArbMap.Default.ArbFor<short[]>(), static async (limit, numbers) =>
        {
            string[] names = [.. numbers.Distinct().Select(static number => $"{number}")];
            var seen = new List<string>();
            for (string? after = null; ;)
            {
                var page = await ApiPage<string>.TakeAsync(
                    names.ToAsyncEnumerable(), static name => name, after, limit, CancellationToken.None);
                seen.AddRange(page.Items);
                if (page.Next is null) break;

                page.Items.Should().HaveCount(limit);
                after = page.Next;
            }

            return seen.SequenceEqual(names.Order(StringComparer.Ordinal));
        }).QuickCheckThrowOnFailure();

    [Test]
    public async Task Page_BehindTheLast_IsEmpty()
    {
        var page = await ApiPage<string>.TakeAsync(
            new[] { "a", "b" }.ToAsyncEnumerable(), static name => name, "b", 10, CancellationToken.None);

        page.Items.Should().BeEmpty();
        page.Next.Should().BeNull();
    }
}
