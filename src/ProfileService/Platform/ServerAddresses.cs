using System.Net;

namespace ProfileService.Platform;

/// <summary>Addresses on which a service with the given settings listens.</summary>
internal static class ServerAddresses
{
    /// <summary>
    /// The addresses of the API, from the setting that the server uses: Kestrel's endpoints before URLs, URLs before ports. Empty if none
    /// is set.
    /// </summary>
    public static IReadOnlyList<string> OfApi(IConfiguration settings)
    {
        var endpoints = settings.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>().ToList();
        if (endpoints.Count > 0)
            return endpoints;
        var urls = Split(settings["urls"]);
        return urls.Count > 0 ? urls : [.. Ports("http"), .. Ports("https")];

        IEnumerable<string> Ports(string scheme) => Split(settings[$"{scheme}_ports"]).Select(port => $"{scheme}://*:{port}");
    }

    /// <summary>The addresses in <see cref="HostingOptions.ManagementUrls"/>.</summary>
    public static IReadOnlyList<string> OfManagement(IConfiguration settings) => Split(settings["Hosting:ManagementUrls"]);

    /// <summary>The parts of an address; null if it is not a valid one.</summary>
    public static BindingAddress? Read(string address)
    {
        try
        {
            return BindingAddress.Parse(address) is { IsUnixPipe: false, IsNamedPipe: false } read ? read : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The parts of the valid addresses.</summary>
    public static IEnumerable<BindingAddress> Read(IEnumerable<string> addresses) => addresses.Select(Read).OfType<BindingAddress>();

    /// <summary>Whether others may reach a valid address: it is neither loopback nor a Unix socket.</summary>
    public static bool IsReachable(string address) => Read(address) is { } read && !IsLoopback(read.Host);

    /// <summary>Whether a host of an address or of a Host header is loopback. Kestrel takes any other name for every address.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    public static List<string> Split(string? addresses) =>
        [.. (addresses ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
