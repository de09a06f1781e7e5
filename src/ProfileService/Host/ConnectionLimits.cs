using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// How many connections the process takes: as many as the file descriptors and the memory that it really has can carry. Without
/// descriptors the runtime itself would fail, so that the last ones are never given to clients.
/// </summary>
internal sealed class ConnectionLimits
{
    /// <summary>File descriptors kept for stores and files that are opened later, beside those that are open when the service starts to listen.</summary>
    public const int Reserved = 256;

    private const int OfManagement = ManagementServer.MostConnections;
    private const int Least = 16;
    private const int RefusedShare = 8; // one for so many connections

    /// <param name="freeDescriptors">File descriptors that can still be opened; null for no limit.</param>
    public ConnectionLimits(HostingOptions options, int? freeDescriptors, MemoryAtHand memory)
    {
        var free = Math.Max(0, (freeDescriptors ?? int.MaxValue) - Reserved - OfManagement);
        var carried = (long)free * RefusedShare / (RefusedShare + 1);
        var wanted = options.MaxConnections > 0 ? options.MaxConnections : memory.Connections;
        Open = new Bound(Math.Max(Least, Math.Min(carried, wanted)));
        Refused = new Bound(Math.Max(Least, Open.Most / RefusedShare));
    }

    public ConnectionLimits(IOptions<HostingOptions> options, MemoryAtHand memory)
        : this(options.Value, FileDescriptors.Free(), memory)
    {
    }

    /// <summary>Connections that are served.</summary>
    public Bound Open { get; }

    /// <summary>Connections that stay until they were told 503.</summary>
    public Bound Refused { get; }
}
