namespace Teal.Tests.Support;

/// <summary>The real servers that some tests need.</summary>
internal static class Services
{
    /// <summary>The program's path; without it the test is ignored, or fails where <c>TEAL_REQUIRE_SERVICES=1</c> says that it must run.</summary>
    public static string Find(string program)
    {
        var folders = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/bin:/usr/sbin:/usr/local/bin".Split(':', StringSplitOptions.RemoveEmptyEntries);
        if (folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) is { } path) return path;

        Lack($"{program} is not installed; test.sh installs it");
        return "";
    }

    /// <summary>Ends a test that needs what is not there: ignored, or failed where <c>TEAL_REQUIRE_SERVICES=1</c> says that it must run.</summary>
    public static void Lack(string reason)
    {
        if (Environment.GetEnvironmentVariable("TEAL_REQUIRE_SERVICES") == "1") Assert.Fail(reason);
        Assert.Ignore(reason);
    }
}
