using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Primitives;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// The host names that the service accepts. A page of another site can make its own name resolve to 127.0.0.1 (DNS rebinding) to reach a
/// service that listens only there. Therefore a loopback address accepts only loopback names, unless <c>AllowedHosts</c> is set.
/// </summary>
/// <param name="started">Cancelled when the server listens on all its addresses.</param>
internal sealed class HostNames(IConfiguration configuration, IServer server, CancellationToken started)
{
    /// <summary>The setting with the allowed names, separated by semicolons; <c>*</c> allows every name.</summary>
    public const string Setting = "AllowedHosts";

    private readonly StringSegment[] _allowed =
    [
        .. (configuration[Setting] ?? "")
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => new StringSegment(name)),
    ];

    private FrozenSet<int>? _loopbackPorts;

    private Accepted? _last; // cached, because most requests have the same name

    public bool Allow(HttpContext context)
    {
        var (host, port, at) = (context.Request.Headers.Host.ToString(), context.Connection.LocalPort, context.Connection.LocalIpAddress);
        if (_last is { } last && last.Port == port && last.Host == host && Equals(last.At, at))
            return true;
        if (host.Length > 0 && !IsAllowed(host, port, at)) // only HTTP/1.0 requests have no Host, and browsers do not send them
            return false;
        if (started.IsCancellationRequested)
            _last = new Accepted(host, port, at);
        return true;
    }

    // The same port may be used on a loopback address and on another address.
    private bool IsAllowed(string host, int port, IPAddress? at) => _allowed.Length > 0
        ? Array.Exists(_allowed, name => name == "*") || HostString.MatchesAny(host, _allowed)
        : !LoopbackPorts().Contains(port) || (at is not null && !IPAddress.IsLoopback(at))
            || ServerAddresses.IsLoopback(new HostString(host).Host);

    // The first address is served before the last one is known; until then the result is not cached.
    private FrozenSet<int> LoopbackPorts() =>
        _loopbackPorts ?? (started.IsCancellationRequested ? _loopbackPorts = FindLoopbackPorts() : FindLoopbackPorts());

    private FrozenSet<int> FindLoopbackPorts() =>
        (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            .Select(BindingAddress.Parse).Where(address => ServerAddresses.IsLoopback(address.Host))
            .Select(address => address.Port).ToFrozenSet();

    private sealed record Accepted(string Host, int Port, IPAddress? At);
}
