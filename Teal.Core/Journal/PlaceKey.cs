using System.Security.Cryptography;

namespace Teal.Core.Journal;

/// <summary>
/// The key with which the processes of one journal prove to each other that the place of an event comes from the journal. On a
/// bus others may publish too, and a place that is made up, somewhere ahead, would have dispatchers pass over the events that
/// really come. Any thread may use it.
/// </summary>
public sealed class PlaceKey
{
    /// <summary>How many bytes it has.</summary>
    public const int Length = 32;

    // Right as it is for a journal that one process has for itself. A journal that several share replaces it with the one that
    // they have in common.
    private byte[] _bytes = RandomNumberGenerator.GetBytes(Length);

    /// <summary>The key.</summary>
    public byte[] Bytes
    {
        get => Volatile.Read(ref _bytes);
        set => Volatile.Write(ref _bytes, value);
    }
}
