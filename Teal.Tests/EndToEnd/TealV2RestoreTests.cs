using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>What a client of <c>teal.v2</c> is told when the embedded store was restored from a backup.</summary>
public sealed class TealV2RestoreTests() : TealV2Fixture("Embedded")
{
    [Test]
    public async Task Register_AfterACursorOfTheStoreBeforeItWasRestored_BringsAGapAndThenWhatCome()
    {
        await HitAsync("a", 1);
        await Server.DisposeAsync();
        var backup = Directory.CreateDirectory(Folder.Combine("backup")).FullName;
        foreach (var file in Directory.GetFiles(Folder.Path, "teal.db*")) File.Copy(file, Path.Combine(backup, Path.GetFileName(file)));
        Server = await StartAsync();
        await HitAsync("a", 2);
        string cursor;
        await using (var before = await ConnectAsync())
        {
            await before.SendAsync(RegisterTo("a", null));
            cursor = CursorOf(await ReceiveAsync(before));
        }

        await Server.DisposeAsync();
        foreach (var file in Directory.GetFiles(Folder.Path, "teal.db*")) File.Delete(file);
        foreach (var file in Directory.GetFiles(backup)) File.Copy(file, Folder.Combine(Path.GetFileName(file)));
        Server = await StartAsync();
        await using var client = await ConnectAsync();
        await client.SendAsync(RegisterTo("a", cursor));
        var ack = await ReceiveAsync(client);

        var gap = await ReceiveAsync(client);
        (gap.GetProperty("type").GetString(), gap.GetProperty("after").GetString(), CursorOf(gap))
            .Should().Be(("gap", cursor, CursorOf(ack)));
        await HitAsync("a", 3);
        NumberOf(await ReceiveAsync(client)).Should().Be(3);
        await NothingMoreAsync(client);
    }
}
