using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Maximum number of connections, derived from the file descriptors and the memory that the process really has. The runtime itself fails
/// without descriptors; therefore some are reserved.
/// </summary>
internal sealed class ConnectionLimits
{
    /// <summary>File descriptors reserved for stores and files that are opened after the service started to listen.</summary>
    public const int Reserved = 256;

    private const int Minimum = 16; // however few descriptors are free; the setting may ask for less
    private const int ConnectionsPerRefused = 8;

    /// <param name="freeDescriptors">File descriptors that can still be opened; null for no limit.</param>
    public ConnectionLimits(HostingOptions options, int? freeDescriptors, AvailableMemory memory)
    {
        var free = Math.Max(0, (freeDescriptors ?? int.MaxValue) - Reserved - ManagementServer.MaxConnections);
        var possible = (long)free * ConnectionsPerRefused / (ConnectionsPerRefused + 1);
        var wanted = options.MaxConnections > 0 ? options.MaxConnections : memory.Connections;
        Open = new Bound(Math.Min(Math.Max(Minimum, possible), wanted));
        Refused = new Bound(Math.Max(Minimum, Open.Max / ConnectionsPerRefused));
    }

    public ConnectionLimits(IOptions<HostingOptions> options, AvailableMemory memory)
        : this(options.Value, FileDescriptors.Free(), memory)
    {
    }

    /// <summary>Connections that are served.</summary>
    public Bound Open { get; }

    /// <summary>Refused connections that stay open until their 503 response is sent.</summary>
    public Bound Refused { get; }
}
