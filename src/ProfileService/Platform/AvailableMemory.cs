namespace ProfileService.Platform;

/// <summary>
/// Memory that the process may use: the container's limit or the machine's memory, as reported by the .NET runtime. Limits on what clients
/// can make the service hold are fractions of it, so that a small container refuses load that a large one accepts.
/// </summary>
internal sealed class AvailableMemory(long bytes)
{
    /// <summary>Minimum memory (256 MB). With less, the service may run out of memory under load.</summary>
    public const long Minimum = 256L << 20;

    private const int BytesPerConnection = 1 << 20; // its buffers may take 128 KiB of them

    public AvailableMemory()
        : this(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
    {
    }

    public long Bytes => bytes;

    /// <summary>Whether freed memory may be kept for reuse.</summary>
    public bool IsAmple => bytes >= 2 * Minimum;

    /// <summary>
    /// Bytes of request bodies that are being read or wait to be stored. Parsed, they may take three times as much memory.
    /// </summary>
    public long Bodies => bytes / 12;

    /// <summary>Bytes of profiles that lookups read at the same time.</summary>
    public long Reads => bytes / 12;

    /// <summary>Bytes of responses that are being sent.</summary>
    public long Answers => bytes / 12;

    /// <summary>Maximum bytes of each cache.</summary>
    public long Cache => bytes / 8;

    public long Connections => bytes / BytesPerConnection;
}
