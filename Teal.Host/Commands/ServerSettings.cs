using System.Text;
using Microsoft.Extensions.Configuration;
using Teal.Host.Configuration;

namespace Teal.Host.Commands;

/// <summary>Reads a server's settings for the commands that need them, and says what is wrong with them.</summary>
internal static class ServerSettings
{
    // Of these a command that does not serve needs none.
    private static readonly string[] KeysOfServing = ["Teal:Dispatcher:Password", "Teal:Modules"];

    /// <summary>
    /// The settings of the files, the environment and the command line. False: what is wrong was said, and the exit code tells it.
    /// </summary>
    public static bool TryRead(
        IReadOnlyList<string> arguments, out TealOptions options, out IConfigurationRoot configuration, out int exitCode,
        bool isServing = true)
    {
        (options, configuration, exitCode) = (null!, null!, ExitCode.Usage);
        if (!SettingArguments.TryRead(arguments, out var commandLine, out var complaint)) return Fail(complaint);

        exitCode = ExitCode.Configuration;
        try
        {
            configuration = ConfigurationSources.Load(commandLine, required: []);
        }
        catch (InvalidDataException exception)
        {
            return Fail(exception.Message);
        }

        options = ConfigurationReader.Read(configuration, out var faults);
        if (!isServing) faults = [.. faults.Where(static fault => !KeysOfServing.Contains(fault.Key))];
        if (faults.Count > 0) return Fail(Describe(faults, configuration));

        exitCode = ExitCode.Success;
        return true;
    }

    /// <summary>
    /// The settings of the files, the environment and the command line as they are now, whose form was found right before.
    /// </summary>
    /// <exception cref="InvalidDataException">A file cannot be used, and the message says why.</exception>
    public static IConfigurationRoot Load(IReadOnlyList<string> arguments, IReadOnlyList<string> requiredFiles) =>
        SettingArguments.TryRead(arguments, out var commandLine, out var complaint)
            ? ConfigurationSources.Load(commandLine, requiredFiles) : throw new InvalidDataException(complaint);

    /// <summary>What is set, and where, and what is probably not meant; for an operator. No secret is in it.</summary>
    public static string Describe(IConfigurationRoot configuration, IReadOnlyList<string> warnings)
    {
        var text = new StringBuilder();
        foreach (var setting in SettingCatalogue.All)
        {
            if (ConfigurationSources.Find(configuration, ConfigurationReader.KeyOf(configuration, setting)) is not { } source) continue;

            text.Append("Teal:").Append(setting.Key).Append(" = ")
                .Append(setting.IsSecret ? "(secret)" : ConfigurationReader.ValueOf(configuration, setting));
            text.Append("    from ").AppendLine(source);
        }

        if (text.Length > 0) text.AppendLine();
        foreach (var warning in warnings) text.Append("Warning: ").Append(warning).AppendLine(".");
        if (warnings.Count > 0) text.AppendLine();
        return text.AppendLine("The settings can be used. All others have their defaults, which teal serve --help shows.").ToString();
    }

    private static bool Fail(string message)
    {
        Console.Error.WriteLine($"teal: {message}");
        return false;
    }

    private static string Describe(IReadOnlyList<ConfigurationFault> faults, IConfigurationRoot configuration)
    {
        var text = new StringBuilder(
            faults.Count == 1 ? "the configuration has a fault:" : $"the configuration has {faults.Count} faults:");
        text.AppendLine();
        foreach (var fault in faults)
        {
            text.AppendLine().Append("  ").Append(fault.Key);
            if (fault.Value is not null) text.Append(" = \"").Append(fault.Value).Append('"');
            text.AppendLine().Append("    ").Append(fault.Fault).AppendLine(".");
            if (ConfigurationSources.Find(configuration, fault.Key) is { } source) text.Append("    From: ").AppendLine(source);
            if (fault.Example is not null) text.Append("    Example: ").AppendLine(fault.Example);
        }

        return text.ToString().TrimEnd();
    }
}
