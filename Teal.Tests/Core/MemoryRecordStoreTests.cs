using Teal.Core.Records;
using Teal.Tests.Contracts;

namespace Teal.Tests.Core;

public sealed class MemoryRecordStoreTests : RecordStoreContract
{
    [Test]
    public async Task Sweep_EndedRecords_DeletesThemAndNoOther()
    {
        var store = new MemoryRecordStore(Options, Clock);
        var soon = Clock.GetUtcNow().UtcDateTime.AddMinutes(1);
        for (var i = 0; i < 1_100; i++) await store.PutAsync(Tickets, $"{i}", default, soon, null, CancellationToken.None);
        await store.PutAsync(Tickets, "later", default, soon.AddMinutes(1), null, CancellationToken.None);
        await store.PutAsync(Tickets, "7", default, soon.AddMinutes(1), null, CancellationToken.None);
        await PutAsync(store, "for ever");
        Clock.Advance(TimeSpan.FromMinutes(1));

        (await store.SweepAsync(CancellationToken.None)).Should().Be(1_099);

        store.Count.Should().Be(3);
        (await ListAsync(store, Tickets, "")).Should().BeEquivalentTo("later", "7");
    }

    protected override IRecordStore CreateStore() => new MemoryRecordStore(Options, Clock);
}
