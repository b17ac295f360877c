using Teal.Sqlite;
using Teal.Sqlite.Database;
using Teal.Tests.Support;

namespace Teal.Tests.Sqlite;

/// <summary>What is done with a folder in which others may write.</summary>
public sealed class SqliteDatabaseTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("teal.lock")]
    [TestCase("teal.owner")]
    [TestCase("teal.db")]
    [TestCase("teal.db-wal")]
    [TestCase("teal.db-shm")]
    public void Open_ALinkInTheFolder_IsNotFollowed(string name)
    {
        using var elsewhere = new TemporaryFolder();
        File.WriteAllText(elsewhere.Combine("file"), "somebody else's");
        File.SetUnixFileMode(elsewhere.Combine("file"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.CreateSymbolicLink(_folder.Combine(name), elsewhere.Combine("file"));

        Open(_folder.Path).Should().Throw<SqliteStoreException>().WithMessage($"*{name} is a link*Teal:DataDirectory*");

        File.ReadAllText(elsewhere.Combine("file")).Should().Be("somebody else's");
        File.GetUnixFileMode(elsewhere.Combine("file")).Should().HaveFlag(UnixFileMode.GroupRead);
    }

    [Test]
    public void Open_ALinkThatLeadsNowhere_MakesNothingThere()
    {
        File.CreateSymbolicLink(_folder.Combine("teal.lock"), _folder.Combine("nowhere"));

        Open(_folder.Path).Should().Throw<SqliteStoreException>().WithMessage("*is a link*");

        File.Exists(_folder.Combine("nowhere")).Should().BeFalse();
    }

    [Test]
    public void Open_AFolderThatIsALink_IsOpened()
    {
        using var elsewhere = new TemporaryFolder();
        Directory.CreateSymbolicLink(_folder.Combine("data"), elsewhere.Path);

        Open(_folder.Combine("data")).Should().NotThrow();

        File.Exists(elsewhere.Combine("teal.db")).Should().BeTrue();
    }

    [TestCase(OwnerOnly, false)]
    [TestCase(OwnerOnly | UnixFileMode.GroupRead, true)]
    [TestCase(OwnerOnly | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute, true)]
    public void Open_AFolder_TellsWhetherOthersMayUseIt(UnixFileMode mode, bool isOpen)
    {
        File.SetUnixFileMode(_folder.Path, mode);

        using var database = SqliteDatabase.Open(new SqliteOptions { DataDirectory = _folder.Path });

        database.FolderOfOthers.Should().Be(isOpen ? _folder.Path : null);
        File.GetUnixFileMode(_folder.Path).Should().Be(mode, "it is not changed unasked");
    }

    [Test]
    public void Record_TheTime_IsKnownToTheNextProcess()
    {
        var time = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        using (var first = SqliteDatabase.Open(new SqliteOptions { DataDirectory = _folder.Path })) first.Record(time);

        using var second = SqliteDatabase.Open(new SqliteOptions { DataDirectory = _folder.Path });

        second.LastRun.Should().Be(time);
    }

    private static Action Open(string folder) => () => SqliteDatabase.Open(new SqliteOptions { DataDirectory = folder }).Dispose();
}
