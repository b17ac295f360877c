using System.Text;
using Microsoft.Extensions.Configuration;
using Teal.Host.Configuration;

namespace Teal.Host.Commands;

/// <summary>Reads a server's settings for the commands that need them, and says what is wrong with them.</summary>
internal static class ServerSettings
{
    /// <summary>The settings of the files, the environment and the command line. False: what is wrong was said, and the exit code tells it.</summary>
    public static bool TryRead(IReadOnlyList<string> arguments, out TealOptions options, out IConfigurationRoot configuration, out int exitCode)
    {
        (options, configuration, exitCode) = (null!, null!, ExitCode.Usage);
        if (!SettingArguments.TryRead(arguments, out var commandLine, out var complaint)) return Fail(complaint);

        exitCode = ExitCode.Configuration;
        try
        {
            configuration = ConfigurationSources.Load(commandLine);
        }
        catch (InvalidDataException exception)
        {
            return Fail($"{exception.Message} {exception.GetBaseException().Message}");
        }

        options = ConfigurationReader.Read(configuration, out var faults);
        if (faults.Count > 0) return Fail(Describe(faults));

        exitCode = ExitCode.Success;
        return true;
    }

    private static bool Fail(string message)
    {
        Console.Error.WriteLine($"teal: {message}");
        return false;
    }

    private static string Describe(IReadOnlyList<ConfigurationFault> faults)
    {
        var text = new StringBuilder(faults.Count == 1 ? "the configuration has a fault:" : $"the configuration has {faults.Count} faults:");
        text.AppendLine();
        foreach (var fault in faults)
        {
            text.AppendLine().Append("  ").Append(fault.Key);
            if (fault.Value is not null) text.Append(" = \"").Append(fault.Value).Append('"');
            text.AppendLine().Append("    ").Append(fault.Fault).AppendLine(".");
            if (fault.Example is not null) text.Append("    Example: ").AppendLine(fault.Example);
        }

        return text.ToString().TrimEnd();
    }
}
