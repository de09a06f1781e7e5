using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Serves health on addresses of its own. The doors share one thread pool and wait in its queue; this server has threads of its own, so
/// that no load on the doors keeps it waiting. It takes one GET or HEAD a connection.
/// </summary>
internal sealed partial class ManagementServer(
    IOptions<HostingOptions> options, IServiceProvider services, ILogger<ManagementServer> logger)
    : IHostedService, IDisposable
{
    /// <summary>At the same time; more wait to be accepted.</summary>
    public const int MostConnections = 32;

    private const int Backlog = 128;
    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromMilliseconds(50);

    private readonly List<Socket> _listeners = [];
    private readonly SemaphoreSlim _connections = new(MostConnections);
    private readonly ManualResetEventSlim _stopped = new();

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
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
                listener.DualMode = true;
            listener.Bind(address);
            listener.Listen(Backlog);
            return listener;
        }
        catch (SocketException e)
        {
            listener.Dispose();
            var reason = $"Hosting:ManagementUrls: http://{address} cannot be listened on: {e.Message}.";
            throw new OptionsValidationException("Hosting", typeof(HostingOptions), [$"{reason} Choose another address, or stop what listens there."]);
        }
    }

    private void Accept(Socket listener)
    {
        while (!_stopped.IsSet)
        {
            _connections.Wait();
            Socket? connection = null;
            try
            {
                connection = listener.Accept();
                new Thread(() => Serve(connection)) { IsBackground = true, Name = "management" }.Start();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OutOfMemoryException)
            {
                // No descriptor or no thread is left, or this is the end.
                connection?.Dispose();
                _connections.Release();
                _stopped.Wait(BeforeNextTry);
            }
        }
    }

    private void Serve(Socket connection)
    {
        try
        {
            using (connection)
                new ManagementConnection(connection, services).Serve();
        }
        catch (Exception e) when (e is SocketException or IOException) // the client is gone, or too slow
        {
        }
        catch (Exception e) // what a thread lets out ends the process: at a stop the checks may be gone already
        {
            LogFailed(e);
        }
        finally
        {
            _connections.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Health is served on its own address too: http://{Address}")]
    private partial void LogListening(EndPoint address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A request on a management address could not be answered")]
    private partial void LogFailed(Exception exception);
}
