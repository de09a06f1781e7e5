using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Serves health checks on separate addresses. Requests of the API share one thread pool and wait in its queue. This server has its own
/// threads, so that load on the API does not delay it. It serves one GET or HEAD request per connection.
/// </summary>
internal sealed partial class ManagementServer(
    IOptions<HostingOptions> options, IConfiguration configuration, IServiceProvider services, ILogger<ManagementServer> logger)
    : IHostedService, IDisposable
{
    /// <summary>Concurrent connections. For a further one, the oldest is closed whose request has not arrived yet.</summary>
    public const int MaxConnections = 32;

    private const int Backlog = 128;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly AllowedHosts _hosts = new(configuration);
    private readonly List<Socket> _listeners = [];
    private readonly SemaphoreSlim _places = new(MaxConnections);
    private readonly List<ManagementConnection> _open = []; // oldest first; also the lock
    private readonly ManualResetEventSlim _stopped = new();

    /// <summary>How long a request's head may take.</summary>
    internal TimeSpan LongestRead { get; init; } = TimeSpan.FromSeconds(2);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var address in ManagementUrls.Read(options.Value.ManagementUrls))
        {
            var listener = Listen(address);
            _listeners.Add(listener);
            LogListening(listener.LocalEndPoint!);
            new Thread(() => Accept(listener)) { IsBackground = true, Name = "management" }.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopped.Set();
        _listeners.ForEach(l => l.Dispose());
        return Task.CompletedTask;
    }

    public void Dispose() => _listeners.ForEach(l => l.Dispose());

    private static Socket Listen(IPEndPoint address)
    {
        if (address.Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6)
            address = new IPEndPoint(IPAddress.Any, address.Port);
        Socket? listener = null;
        try
        {
            listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Address.Equals(IPAddress.IPv6Any))
                listener.DualMode = true;
            listener.Bind(address);
            listener.Listen(Backlog);
            return listener;
        }
        catch (SocketException e)
        {
            listener?.Dispose();
            var reason = $"Hosting:ManagementUrls: the service cannot listen on http://{address}: {e.Message}. "
                + "Choose another address, or stop the process that listens there.";
            throw new OptionsValidationException("Hosting", typeof(HostingOptions), [reason]);
        }
    }

    private void Accept(Socket listener)
    {
        var onLoopback = IPAddress.IsLoopback(((IPEndPoint)listener.LocalEndPoint!).Address);
        while (!_stopped.IsSet)
        {
            try
            {
                Begin(new ManagementConnection(listener.Accept(), _hosts, onLoopback, LongestRead, services));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OutOfMemoryException)
            {
                _stopped.Wait(RetryDelay); // no descriptor or no thread is left, or the server was stopped
            }
        }
    }

    private void Begin(ManagementConnection connection)
    {
        if (!_places.Wait(0))
        {
            lock (_open)
                _ = _open.Exists(c => c.CloseIfSilent());
            _places.Wait();
        }

        lock (_open)
            _open.Add(connection);
        try
        {
            new Thread(() => Serve(connection)) { IsBackground = true, Name = "management" }.Start();
        }
        catch
        {
            End(connection);
            throw;
        }
    }

    private void End(ManagementConnection connection)
    {
        connection.Dispose();
        lock (_open)
            _open.Remove(connection);
        _places.Release();
    }

    private void Serve(ManagementConnection connection)
    {
        try
        {
            connection.Serve();
        }
        catch (Exception e) when (e is SocketException or IOException) // the client has disconnected, or is too slow
        {
        }
        catch (Exception e) // an unhandled exception would end the process; during a stop the checks may be disposed of already
        {
            LogFailed(e);
        }
        finally
        {
            End(connection);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Health checks are also served on http://{Address}")]
    private partial void LogListening(EndPoint address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A request on a management address could not be answered")]
    private partial void LogFailed(Exception exception);
}
