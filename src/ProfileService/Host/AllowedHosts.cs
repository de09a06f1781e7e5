using System.Net;
using Microsoft.Extensions.Primitives;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>The setting of that name: loopback names on loopback addresses and any name on others, unless it is set.</summary>
internal sealed class AllowedHosts(IConfiguration configuration)
{
    /// <summary>The answer to a request with another name.</summary>
    public const string Refusal =
        "This service does not accept the name in the Host header. On a loopback address it accepts localhost, 127.0.0.1 and [::1]; "
        + $"the setting {Setting} allows others.";

    // The allowed names, separated by semicolons; * allows every name.
    private const string Setting = "AllowedHosts";

    private readonly StringSegment[] _names =
    [
        .. (configuration[Setting] ?? "")
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => new StringSegment(name)),
    ];

    /// <param name="host">Value of a Host header.</param>
    /// <param name="onLoopback">Whether the service listens on a loopback address there.</param>
    public bool Allow(string host, bool onLoopback) => _names.Length > 0
        ? Array.Exists(_names, name => name == "*") || HostString.MatchesAny(host, _names)
        : !onLoopback || ServerAddresses.IsLoopback(new HostString(host).Host);

    /// <summary>
    /// As above, for a health check. Names that no other site can have are allowed whatever the setting says: probes have them. Kubernetes
    /// asks by the pod's address.
    /// </summary>
    public bool AllowProbe(string host, bool onLoopback) =>
        Allow(host, onLoopback)
        || (new HostString(host).Host is var name
            && (ServerAddresses.IsLoopback(name) || (!onLoopback && IPAddress.TryParse(name.Trim('[', ']'), out _))));
}
