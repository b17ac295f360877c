using System.Security.Cryptography;
using Teal.Core.Configuration;
using Teal.Core.Identities;
using Teal.Webhooks.Catalogue;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Directory;

/// <summary>Reads one webhook of the settings.</summary>
internal static class WebhookReader
{
    /// <summary>The names of its members.</summary>
    public const string Path = "Path", Provider = "Provider", Secrets = "Secrets", SecretFile = "SecretFile",
        VerifyToken = "VerifyToken", Team = "Team", Tolerance = "Tolerance", Enforce = "Enforce", Subpaths = "Subpaths",
        Methods = "Methods", Enabled = "Enabled", Scheme = "Scheme";

    private const string Prefix = "/hook/";

    /// <summary>What is wrong with it; null: nothing, and the webhook is there.</summary>
    public static SettingFault? Read(SettingObject source, out OpenWebhook? webhook)
    {
        webhook = null;
        var flags = new Flags();
        if (flags.Read(source) is { } wrong) return wrong;
        if (ReadScheme(source, out var scheme) is { } fault) return fault;
        if (ReadSecrets(source, out var secrets) is { } unreadable) return unreadable;
        if (source.Text(Path) is not { } path)
        {
            var example = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            return new SettingFault(Path, "must be there, and hard to guess where nothing is signed", example);
        }

        TimeSpan? tolerance = null;
        if (source.Text(Tolerance) is { } text)
        {
            if (!SettingQuantities.TryDuration(text, out var read)) return new SettingFault(Tolerance, "must be a duration", "5 min");
            tolerance = read;
        }

        var team = Identity.AnonymousName;
        if (source.Text(Team) is { } named && !AccountName.TryParse(named, out team))
            return new SettingFault(Team, $"must be {AccountName.Form}", "shop");

        var one = new Webhook
        {
            Team = team!,
            Name = source.Name.ToLowerInvariant(),
            Address = path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : path,
            Provider = scheme?.Name ?? source.Text(Provider) ?? "",
            Secrets = secrets,
            VerifyToken = source.Text(VerifyToken),
            Tolerance = tolerance,
            Enforces = flags.Enforces,
            TakesSubpaths = flags.Subpaths,
            IsEnabled = flags.Enabled,
            Methods = source.Has(Methods)
                ? [.. source.List(Methods).Select(static method => method.ToUpperInvariant())] : Webhook.UsualMethods,
            IsOfSettings = true,
        };
        if (WebhookForm.FaultOf(one, scheme, out var verifier) is not var (member, what))
        {
            webhook = new OpenWebhook(one, verifier!);
            return null;
        }

        return new SettingFault(member == "Name" ? "" : member, what, "");
    }

    private static SettingFault? ReadScheme(SettingObject source, out WebhookScheme? scheme)
    {
        scheme = source.Text(Provider) is { } provider ? WebhookSchemes.Find(provider) : null;
        if (!source.Has(Scheme)) return null;
        if (source.Has(Provider)) return new SettingFault(Scheme, $"must not stand beside {Provider}", "");

        return OwnSchemeReader.Read(source.Map(Scheme), out scheme) is var (member, fault)
            ? new SettingFault($"{Scheme}:{member}", fault, "") : null;
    }

    private static SettingFault? ReadSecrets(SettingObject source, out IReadOnlyList<string> secrets)
    {
        secrets = source.List(Secrets);
        if (source.Text(SecretFile) is not { } path) return null;
        if (source.Has(Secrets)) return new SettingFault(SecretFile, $"must not stand beside {Secrets}", "");

        try
        {
            secrets = SecretLines.Split(File.ReadAllText(path));
            return null;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new SettingFault(SecretFile, $"must be a file that can be read ({exception.GetType().Name})", "/run/secrets/github");
        }
    }

    private sealed class Flags
    {
        public bool Enforces { get; private set; } = true;

        public bool Subpaths { get; private set; }

        public bool Enabled { get; private set; } = true;

        public SettingFault? Read(SettingObject source)
        {
            return Read(source, Enforce, value => Enforces = value) ?? Read(source, WebhookReader.Subpaths, value => Subpaths = value)
                ?? Read(source, WebhookReader.Enabled, value => Enabled = value);
        }

        private SettingFault? Read(SettingObject source, string member, Action<bool> set)
        {
            if (source.Text(member) is not { } text) return null;

            var fault = SettingTexts.Boolean<Flags>(static _ => false, (_, value) => set(value)).Apply(this, text);
            return fault is null ? null : new SettingFault(member, fault, "true");
        }
    }
}
