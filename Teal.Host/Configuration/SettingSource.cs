using Microsoft.Extensions.Configuration;

namespace Teal.Host.Configuration;

/// <summary>Where a process has its settings from.</summary>
/// <param name="Start">Those that it started with.</param>
/// <param name="ReadAgain">Reads the same files, variables and arguments as they are now. It is given the files that must be there.</param>
internal sealed record SettingSource(IConfiguration Start, Func<IReadOnlyList<string>, IConfiguration> ReadAgain);
