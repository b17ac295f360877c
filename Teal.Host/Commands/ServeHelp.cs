using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Teal.Host.Configuration;

namespace Teal.Host.Commands;

/// <summary>The usual help, and for <c>teal serve --help</c> the settings below it.</summary>
internal sealed class ServeHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => usual.ClearsParseErrors;

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command.Name == ServeCommand.Name) WriteSettings(parseResult.InvocationConfiguration.Output);
        return exitCode;
    }

    private static void WriteSettings(TextWriter output)
    {
        output.WriteLine("Settings, each also as --KEY VALUE, or in appsettings.json or the environment (Teal__Listener__PublicUrl):");
        foreach (var setting in SettingCatalogue.All)
        {
            var preset = SettingCatalogue.DefaultOf(setting);
            output.WriteLine();
            output.WriteLine($"  {setting.Key}{(preset.Length > 0 ? $"  [{preset}]" : "")}");
            output.WriteLine($"      {setting.Meaning.Replace("`", "", StringComparison.Ordinal)}");
        }
    }
}
