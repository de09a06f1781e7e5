using System.Net;
using System.Net.Sockets;

namespace ProfileService.Cli.Load;

/// <summary>Where a load goes.</summary>
internal static class LoadTarget
{
    /// <exception cref="CommandException">The address cannot be loaded.</exception>
    public static async Task<IPEndPoint> ResolveAsync(Uri url, CancellationToken cancellationToken)
    {
        if (url.Scheme != Uri.UriSchemeHttp)
            throw new CommandException("A load goes over plain http, so that encryption is not what is measured. Name an http address.");
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(url.DnsSafeHost, cancellationToken);
            foreach (var address in addresses)
            {
                if (await AnswersAsync(new IPEndPoint(address, url.Port), cancellationToken))
                    return new IPEndPoint(address, url.Port);
            }

            throw new CommandException($"No service answers at {url}. Start one with ./run, or name another with --url.");
        }
        catch (SocketException e)
        {
            throw new CommandException($"No service answers at {url}: {e.Message}. Start one with ./run, or name another with --url.", e);
        }
    }

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
