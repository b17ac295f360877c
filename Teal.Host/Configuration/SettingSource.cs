using Microsoft.Extensions.Configuration;

namespace Teal.Host.Configuration;

/// <summary>Where a process has its settings from.</summary>
/// <param name="start">Those that it started with.</param>
/// <param name="readAgain">Reads the same files, variables and arguments as they are now. It is given the files that must be there.</param>
internal sealed class SettingSource(IConfiguration start, Func<IReadOnlyList<string>, IConfiguration> readAgain)
{
    private bool _isDue;

    /// <summary>Those that it started with.</summary>
    public IConfiguration Start => start;

    /// <summary>Whether somebody asked to have them read again before anybody could.</summary>
    public bool IsDue
    {
        get => Volatile.Read(ref _isDue);
        set => Volatile.Write(ref _isDue, value);
    }

    /// <summary>Reads them as they are now.</summary>
    /// <param name="files">The paths of files that must be there.</param>
    public IConfiguration ReadAgain(IReadOnlyList<string> files) => readAgain(files);
}
