using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Primitives;

namespace ProfileService.Host;

/// <summary>
/// Which names the service answers to. A page elsewhere can have its own name resolve to 127.0.0.1 and so read what listens there only;
/// a loopback address therefore answers to loopback names, unless the setting <c>AllowedHosts</c> says otherwise.
/// </summary>
/// <param name="started">Cancelled when the server listens on all of its addresses.</param>
internal sealed class HostNames(IConfiguration configuration, IServer server, CancellationToken started)
{
    /// <summary>Setting of the names, with ; between; <c>*</c> for any.</summary>
    public const string Setting = "AllowedHosts";

    private readonly StringSegment[] _allowed =
        [.. (configuration[Setting] ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => new StringSegment(name))];

    private FrozenSet<int>? _loopbackPorts;

    private Accepted? _last; // one client asks for the same name again and again

    public bool Allow(HttpContext context)
    {
        var (host, port, at) = (context.Request.Headers.Host.ToString(), context.Connection.LocalPort, context.Connection.LocalIpAddress);
        if (_last is { } last && last.Port == port && last.Host == host && Equals(last.At, at))
            return true;
        if (host.Length > 0 && !IsAllowed(host, port, at)) // HTTP/1.0 knows no Host, and no browser sends it
            return false;
        if (started.IsCancellationRequested)
            _last = new Accepted(host, port, at);
        return true;
    }

    // One port may be listened on at a loopback address and at another.
    private bool IsAllowed(string host, int port, IPAddress? at) => _allowed.Length > 0
        ? Array.Exists(_allowed, name => name == "*") || HostString.MatchesAny(host, _allowed)
        : !LoopbackPorts().Contains(port) || (at is not null && !IPAddress.IsLoopback(at)) || IsLoopback(new HostString(host).Host);

    // The first address is served before the last is known: what is found until then is not kept.
    private FrozenSet<int> LoopbackPorts() =>
        _loopbackPorts ?? (started.IsCancellationRequested ? _loopbackPorts = FindLoopbackPorts() : FindLoopbackPorts());

    private FrozenSet<int> FindLoopbackPorts() =>
        (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            .Select(BindingAddress.Parse).Where(address => IsLoopback(address.Host)).Select(address => address.Port).ToFrozenSet();

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private sealed record Accepted(string Host, int Port, IPAddress? At);
}
