using System.Net;
using Microsoft.Extensions.Options;

namespace ProfileService.Platform;

/// <summary>Reads <see cref="HostingOptions.ManagementUrls"/> and validates it at start.</summary>
internal sealed class ManagementUrls(IConfiguration configuration) : IValidateOptions<HostingOptions>
{
    private const int DefaultApiPort = 5000; // Kestrel's default

    public ValidateOptionsResult Validate(string? name, HostingOptions options)
    {
        var apiPorts = ServerAddresses.Read(ServerAddresses.OfApi(configuration)).Select(a => a.Port).ToHashSet();
        if (apiPorts.Count == 0)
            apiPorts.Add(DefaultApiPort);
        var wrong = ServerAddresses.Split(options.ManagementUrls)
            .Select(address => (Address: address, Problem: ProblemOf(address, apiPorts)))
            .Where(a => a.Problem is not null)
            .Select(a => $"Hosting:ManagementUrls = '{a.Address}': {a.Problem}")
            .ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    public static IReadOnlyList<IPEndPoint> Read(string urls) =>
        [.. ServerAddresses.Read(ServerAddresses.Split(urls)).Select(a => new IPEndPoint(HostOf(a)!, a.Port))];

    private static string? ProblemOf(string address, HashSet<int> apiPorts) => ServerAddresses.Read(address) switch
    {
        null => "it is not an address. Write one such as http://0.0.0.0:9090; separate several by semicolons.",
        { Scheme: "https" } => "TLS is not supported there. Write http://, and choose an address that only your own network reaches.",
        { Scheme: not "http" } => "it does not begin with http://.",
        { Port: < IPEndPoint.MinPort or > IPEndPoint.MaxPort } => $"its port is not one from 0 to {IPEndPoint.MaxPort}.",
        { PathBase.Length: > 0 } => "it has a path. Leave the path out.",
        var read when HostOf(read) is null => "its host is neither an IP address nor localhost nor *.",
        { Port: not 0 } read when apiPorts.Contains(read.Port) => $"the API is served on port {read.Port}. Choose another port.",
        _ => null,
    };

    private static IPAddress? HostOf(BindingAddress address) => address.Host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" or "+" => IPAddress.IPv6Any,
        var host => IPAddress.TryParse(host.Trim('[', ']'), out var ip) ? ip : null,
    };
}
