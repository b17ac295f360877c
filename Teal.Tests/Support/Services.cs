namespace Teal.Tests.Support;

/// <summary>The real servers that some tests need, processes of Teal among them.</summary>
internal static class Services
{
    /// <summary>The program's path; without it the test ends as <see cref="Need"/> says.</summary>
    public static string Find(string program)
    {
        var folders = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/bin:/usr/sbin:/usr/local/bin"
            .Split(':', StringSplitOptions.RemoveEmptyEntries);
        var path = folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Need(path is not null, $"{program} is not installed; test.sh installs it");
        return path!;
    }

    /// <summary>
    /// Goes on where a service is there. Else, and wherever <c>TEAL_WITHOUT_SERVICES=1</c> says that there are none, the test is ignored;
    /// where
    /// <c>TEAL_REQUIRE_SERVICES=1</c> says that it must run, it fails.
    /// </summary>
    public static void Need(bool isThere, string reason)
    {
        if (Environment.GetEnvironmentVariable("TEAL_WITHOUT_SERVICES") == "1") Assert.Ignore("without services");
        if (!isThere) Lack(reason);
    }

    /// <summary>
    /// Ends a test that needs what the machine does not have: ignored, or failed where <c>TEAL_REQUIRE_SERVICES=1</c> says that it must
    /// run.
    /// </summary>
    public static void Lack(string reason)
    {
        if (Environment.GetEnvironmentVariable("TEAL_REQUIRE_SERVICES") == "1") Assert.Fail(reason);
        Assert.Ignore(reason);
    }
}
