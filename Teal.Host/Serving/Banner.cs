using System.Text;
using Teal.Core.Hosting;
using Teal.Host.Configuration;

namespace Teal.Host.Serving;

/// <summary>What a server says at start: in one glance what runs where, and how to reach it.</summary>
internal static class Banner
{
    /// <summary>The text; it shows the password only where it was made at this start, as nobody could know it otherwise.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="endpoints">Where the modules are.</param>
    /// <param name="store">What is said of the store.</param>
    /// <param name="isPasswordGood">Whether the password that was made lets anybody in.</param>
    public static string Render(TealOptions options, IReadOnlyList<ModuleEndpoint> endpoints, string store, bool isPasswordGood = true)
    {
        var text = new StringBuilder();
        text.Append("Teal ").AppendLine(TealVersion.Text).AppendLine();
        foreach (var module in options.Modules)
        {
            var publicUrl = module.PublicUrlOf(options)?.Base;
            var address = endpoints.AddressOf(module, options);
            string?[] parts = [address.Text, address.Range, publicUrl is null ? null : $"public {publicUrl}"];
            Line(text, module.Name, string.Join(", ", parts.OfType<string>()));
        }

        Line(text, "Bus", DescribeBus(options));
        Line(text, "Store", store);
        if (!options.HasGeneratedPassword || !isPasswordGood || !options.Modules.Contains(Module.Dispatcher)) return text.ToString();

        Line(text, "Password", $"{options.Accounts.Directory.Password}   (for this run; set Teal:Dispatcher:Password to keep one)");
        if (options.DispatcherAddress.SocketPath is not null && options.Dispatcher.Door.PublicUrl is null) return text.ToString();

        text.AppendLine().AppendLine("Try it, in another terminal:").AppendLine();
        var dispatcher = options.Dispatcher.Door.PublicUrl?.Base ?? endpoints.AddressOf(Module.Dispatcher, options).Url;
        text.Append("  ").AppendLine(BindCommandLine(options, dispatcher));
        return text.ToString();
    }

    /// <summary>What is said of the bus; no secret.</summary>
    public static string DescribeBus(TealOptions options) =>
        options.Bus == BusKind.RabbitMq ? $"RabbitMQ, {options.RabbitMq.Uri.Host}:{PortOf(options.RabbitMq.Uri)}" : "in this process";

    private static int PortOf(Uri uri) => uri.Port > 0 ? uri.Port : uri.Scheme == "amqps" ? 5671 : 5672;

    private static void Line(StringBuilder text, string name, string value) => text.AppendLine($"  {name,-12}{value}");

    // At its public address where it has one: its metadata names that host, and the command sends the password to no other
    // than it was told.
    private static string BindCommandLine(TealOptions options, string dispatcher)
    {
        var elsewhere = dispatcher == "http://localhost:8081" ? "" : $" --dispatcher {dispatcher}";
        var password = options.Accounts.Directory.Password;
        return $"{ProgramName()} bind --final-redirect-url https://example.org/{elsewhere} --password {password}";
    }

    // As it can be typed where this one was: by its name if that is found, else by its path.
    private static string ProgramName()
    {
        var program = Environment.ProcessPath ?? "teal";
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") return $"dotnet {Path.Combine(AppContext.BaseDirectory, "teal.dll")}";

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (folders.Contains(Path.GetDirectoryName(program))) return "teal";

        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), program);
        return relative.StartsWith("..", StringComparison.Ordinal) ? program : $"./{relative}";
    }
}
