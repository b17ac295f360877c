using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Teal.Tests.Support;

namespace Teal.Tests;

/// <summary>Keeps the shape of the house: who may know whom, and which project owns which event ids.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, (string[] References, int FirstEventId)> Projects = new()
    {
        ["Teal.Core"] = ([], 1000),
        ["Teal.Client"] = ([], 11000),
        ["Teal.Web"] = (["Teal.Core"], 8000),
        ["Teal.Accounts"] = (["Teal.Core"], 9000),
        ["Teal.Webhooks"] = (["Teal.Core"], 12000),
        ["Teal.Listener"] = (["Teal.Core", "Teal.Web", "Teal.Webhooks"], 2000),
        ["Teal.Dispatcher"] = (["Teal.Core", "Teal.Web", "Teal.Webhooks"], 3000),
        ["Teal.Sqlite"] = (["Teal.Core"], 4000),
        ["Teal.Redis"] = (["Teal.Core"], 6000),
        ["Teal.RabbitMq"] = (["Teal.Core"], 7000),
        ["Teal.Api"] = (["Teal.Accounts", "Teal.Core", "Teal.Web", "Teal.Webhooks"], 10000),
        ["teal"] = (
            [
                "Teal.Core", "Teal.Accounts", "Teal.Client", "Teal.Web", "Teal.Api", "Teal.Listener", "Teal.Dispatcher", "Teal.Sqlite",
                "Teal.RabbitMq", "Teal.Redis", "Teal.Webhooks",
            ],
            5000),
    };

    private const int MaximumLines = 250;

    // One that is not listed above is looked at by none of these tests.
    [Test]
    public void Projects_OfTheHouse_AreAllListed()
    {
        var depth = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 };
        var names = Directory.EnumerateFiles(TealProcess.Metadata("RepositoryRoot"), "Teal.*.csproj", depth)
            .Select(Path.GetFileNameWithoutExtension);

        names.Should().BeEquivalentTo(Projects.Keys.Select(FolderOf).Concat(["Teal.Benchmarks", "Teal.Tests"]));
    }

    [TestCaseSource(nameof(Names))]
    public void Project_OfTheHouse_ReferencesOnlyWhatItMay(string name) =>
        Load(name).GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(reference => Projects.ContainsKey(reference)).Should().BeSubsetOf(Projects[name].References);

    [TestCase("Teal.Client", "Microsoft")]
    [TestCase("Teal.Client", "System.CommandLine")]
    [TestCase("Teal.Core", "Microsoft.AspNetCore")]
    [TestCase("Teal.Core", "Microsoft.Data")]
    [TestCase("Teal.Accounts", "Microsoft.AspNetCore")]
    [TestCase("Teal.Accounts", "Microsoft.Data")]
    [TestCase("Teal.Webhooks", "Microsoft.AspNetCore")]
    [TestCase("Teal.Web", "Microsoft.Data")]
    [TestCase("Teal.Listener", "Microsoft.Data")]
    [TestCase("Teal.Dispatcher", "Microsoft.Data")]
    [TestCase("Teal.Api", "Microsoft.Data")]
    [TestCase("Teal.Sqlite", "Microsoft.AspNetCore")]
    [TestCase("Teal.Redis", "Microsoft.AspNetCore")]
    [TestCase("Teal.RabbitMq", "Microsoft.AspNetCore")]
    [TestCase("Teal.Redis", "Microsoft.Data")]
    [TestCase("Teal.Core", "StackExchange")]
    [TestCase("Teal.Accounts", "StackExchange")]
    [TestCase("Teal.Web", "StackExchange")]
    [TestCase("Teal.Listener", "StackExchange")]
    [TestCase("Teal.Dispatcher", "StackExchange")]
    [TestCase("Teal.Sqlite", "StackExchange")]
    [TestCase("Teal.Core", "RabbitMQ")]
    [TestCase("Teal.Accounts", "RabbitMQ")]
    [TestCase("Teal.Web", "RabbitMQ")]
    [TestCase("Teal.Listener", "RabbitMQ")]
    [TestCase("Teal.Dispatcher", "RabbitMQ")]
    public void Project_OfTheHouse_KnowsNothingOfWhatOthersAreFor(string name, string prefix) =>
        Load(name).GetReferencedAssemblies().Should().NotContain(reference => reference.Name!.StartsWith(prefix, StringComparison.Ordinal));

    [Test]
    public void LogMessages_OfAllProjects_HaveIdsOfTheirOwnInTheirProjectsRange()
    {
        var ids = new List<int>();
        foreach (var (name, (_, first)) in Projects)
        {
            var own = Load(name).GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
                .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
                .OfType<LoggerMessageAttribute>().Select(message => message.EventId).ToArray();
            if (own.Length > 0) own.Should().OnlyContain(id => id >= first && id < first + 1000, name);
            ids.AddRange(own);
        }

        ids.Should().OnlyHaveUniqueItems().And.NotBeEmpty();
    }

    [TestCaseSource(nameof(Names))]
    public void Folders_OfAProject_KnowEachOtherInNoCircle(string name) =>
        FolderArrows.OnCircles(Load(name), FolderOf(name)).Should().BeEmpty();

    [Test]
    public void Files_OfTheHouse_HaveAtMost250Lines()
    {
        var root = TealProcess.Metadata("RepositoryRoot");
        var isBuilt = new Regex(@"[\\/](bin|obj)[\\/]");
        var tooLong = Projects.Keys
            .SelectMany(name => Directory.EnumerateFiles(Path.Combine(root, FolderOf(name)), "*.cs", SearchOption.AllDirectories))
            .Where(file => !isBuilt.IsMatch(file) && File.ReadLines(file).Skip(MaximumLines).Any()).Select(Path.GetFileName);

        tooLong.Should().BeEmpty("a file that grows is cut by its jobs");
    }

    private static IEnumerable<string> Names() => Projects.Keys;

    private static string FolderOf(string project) => project == "teal" ? "Teal.Host" : project;

    private static Assembly Load(string name) => Assembly.Load(name);
}
