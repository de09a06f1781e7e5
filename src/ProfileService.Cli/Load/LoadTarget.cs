using System.Net;
using System.Net.Sockets;
using ProfileService.Cli.CommandLine;

namespace ProfileService.Cli.Load;

/// <summary>Finds the address of the measured service.</summary>
internal static class LoadTarget
{
    /// <exception cref="CommandException">The address cannot be used.</exception>
    public static async Task<IPEndPoint> ResolveAsync(Uri url, CancellationToken cancellationToken)
    {
        if (url.Scheme != Uri.UriSchemeHttp)
            throw new CommandException("The load command uses plain http, so that it does not measure encryption. Set an http address.");
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(url.DnsSafeHost, cancellationToken);
            foreach (var address in addresses)
            {
                if (await AnswersAsync(new IPEndPoint(address, url.Port), cancellationToken))
                    return new IPEndPoint(address, url.Port);
            }

            throw NoService(url);
        }
        catch (SocketException e)
        {
            throw NoService(url, e);
        }
    }

    private static CommandException NoService(Uri url, SocketException? e = null) => new(
        $"No service responds at {url}{(e is null ? "" : $": {e.Message}")}. Start one with ./run, or set another address with --url.", e);

    private static async Task<bool> AnswersAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(server, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
