using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// The host names that the service accepts. A page of another site can make its own name resolve to 127.0.0.1 (DNS rebinding) to reach a
/// service that listens only there. Therefore a loopback address accepts only loopback names, unless <c>AllowedHosts</c> is set.
/// </summary>
/// <param name="started">Cancelled when the server listens on all its addresses.</param>
internal sealed class HostNames(IConfiguration configuration, IServer server, CancellationToken started)
{
    private readonly AllowedHosts _allowed = new(configuration);

    private FrozenSet<int>? _loopbackPorts;

    private Accepted? _last; // cached, because most requests have the same name

    public bool Allow(HttpContext context)
    {
        var (host, port, at) = (context.Request.Headers.Host.ToString(), context.Connection.LocalPort, context.Connection.LocalIpAddress);
        if (_last is { } last && last.Port == port && last.Host == host && Equals(last.At, at))
            return true;
        if (host.Length > 0 && !_allowed.Allow(host, IsLoopback(port, at))) // only HTTP/1.0 requests have no Host; browsers send none
            return HealthApi.Has(context.Request.Path) && _allowed.AllowProbe(host, IsLoopback(port, at));
        if (started.IsCancellationRequested)
            _last = new Accepted(host, port, at);
        return true;
    }

    // The same port may be used on a loopback address and on another address.
    private bool IsLoopback(int port, IPAddress? at) => LoopbackPorts().Contains(port) && (at is null || IPAddress.IsLoopback(at));

    // The first address is served before the last one is known; until then the result is not cached.
    private FrozenSet<int> LoopbackPorts() =>
        _loopbackPorts ?? (started.IsCancellationRequested ? _loopbackPorts = FindLoopbackPorts() : FindLoopbackPorts());

    private FrozenSet<int> FindLoopbackPorts() =>
        (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            .Select(BindingAddress.Parse).Where(address => ServerAddresses.IsLoopback(address.Host))
            .Select(address => address.Port).ToFrozenSet();

    private sealed record Accepted(string Host, int Port, IPAddress? At);
}
