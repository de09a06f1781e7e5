namespace ProfileService.Platform;

/// <summary>
/// The memory that the process may use: the container's limit or the machine's memory, as the runtime sees it. What clients can make
/// the service hold is bounded by shares of it, so that a small container refuses what a large one takes.
/// </summary>
internal sealed class MemoryAtHand(long bytes)
{
    /// <summary>With less than this (256 MB) the service may run out of memory under load.</summary>
    public const long Least = 256L << 20;

    private const int BytesOfAConnection = 512 << 10; // of which its buffers may take 192 KiB

    public MemoryAtHand()
        : this(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
    {
    }

    public long Bytes => bytes;

    /// <summary>Whether memory that is free again may be kept for the next use.</summary>
    public bool IsAmple => bytes >= 2 * Least;

    /// <summary>Bytes of bodies that are being read or wait to be stored; parsed they may take three times as much.</summary>
    public long Bodies => bytes / 12;

    /// <summary>Bytes of profiles that lookups are reading.</summary>
    public long Reads => bytes / 12;

    /// <summary>Bytes of answers that are being sent.</summary>
    public long Answers => bytes / 12;

    /// <summary>Bytes of any one cache.</summary>
    public long Cache => bytes / 8;

    public long Connections => bytes / BytesOfAConnection;
}
