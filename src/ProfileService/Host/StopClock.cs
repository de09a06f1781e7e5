using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Keeps the time limits of requests while the server stops. Kestrel's own clock ends when the stop begins; a client that has sent half a
/// request would then hold the process until <see cref="HostOptions.ShutdownTimeout"/>.
/// </summary>
internal sealed class StopClock : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1); // as Kestrel's

    private readonly ConcurrentDictionary<Heartbeat, bool> _open = new();
    private readonly TimeProvider _time;
    private volatile bool _isDisposed;

    public StopClock(Drain drain, TimeProvider time)
    {
        _time = time;
        drain.Ended.Register(() => _ = TickAsync());
    }

    /// <summary>Must be a middleware of every connection.</summary>
    public ConnectionDelegate Follow(ConnectionDelegate next) => async connection =>
    {
        var heartbeat = new Heartbeat(connection.Features.GetRequiredFeature<IConnectionHeartbeatFeature>());
        connection.Features.Set<IConnectionHeartbeatFeature>(heartbeat);
        _open[heartbeat] = true;
        try
        {
            await next(connection);
        }
        finally
        {
            _open.TryRemove(heartbeat, out _);
        }
    };

    public void Dispose() => _isDisposed = true;

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(Period, _time);
        while (!_isDisposed && await timer.WaitForNextTickAsync())
        {
            foreach (var (heartbeat, _) in _open)
                heartbeat.Tick();
        }
    }

    /// <summary>The heartbeat of a connection, in which the server checks its limits.</summary>
    private sealed class Heartbeat(IConnectionHeartbeatFeature server) : IConnectionHeartbeatFeature
    {
        private volatile Action? _tick;

        public void OnHeartbeat(Action<object> action, object state)
        {
            server.OnHeartbeat(action, state);
            _tick += () => action(state);
        }

        public void Tick() => _tick?.Invoke();
    }
}
