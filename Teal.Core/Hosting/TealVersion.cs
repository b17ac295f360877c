using System.Reflection;

namespace Teal.Core.Hosting;

/// <summary>The version of this build.</summary>
public static class TealVersion
{
    /// <summary>As in <c>0.1.0</c>.</summary>
    public static readonly string Text =
        typeof(TealVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
