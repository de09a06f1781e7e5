using System.Net;
using Microsoft.Extensions.Options;

namespace ProfileService.Platform;

/// <summary>Reads <see cref="HostingOptions.ManagementUrls"/>, and names at the start what is wrong with it.</summary>
internal sealed class ManagementUrls(IConfiguration configuration) : IValidateOptions<HostingOptions>
{
    private const int DefaultDoor = 5000; // Kestrel's own, where nothing is set

    public ValidateOptionsResult Validate(string? name, HostingOptions options)
    {
        var doors = ServerAddresses.Read(ServerAddresses.OfDoors(configuration)).Select(a => a.Port).ToHashSet();
        if (doors.Count == 0)
            doors.Add(DefaultDoor);
        var wrong = ServerAddresses.Split(options.ManagementUrls)
            .Select(address => (Address: address, Problem: ProblemOf(address, doors)))
            .Where(a => a.Problem is not null)
            .Select(a => $"Hosting:ManagementUrls = '{a.Address}': {a.Problem}")
            .ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    public static IReadOnlyList<IPEndPoint> Read(string urls) =>
        [.. ServerAddresses.Read(ServerAddresses.Split(urls)).Select(a => new IPEndPoint(HostOf(a)!, a.Port))];

    private static string? ProblemOf(string address, HashSet<int> doors) => ServerAddresses.Read(address) switch
    {
        null => "it is no address. Write one such as http://0.0.0.0:9090, several separated by semicolons.",
        { Scheme: "https" } => "TLS is not served there. Write http://, and choose an address that only your own network reaches.",
        { Scheme: not "http" } => "it does not begin with http://.",
        { PathBase.Length: > 0 } => "it has a path. Leave the path out.",
        var read when HostOf(read) is null => "its host is neither an IP address nor localhost nor *.",
        { Port: not 0 } read when doors.Contains(read.Port) => $"the doors are served on port {read.Port}. Choose another port.",
        _ => null,
    };

    private static IPAddress? HostOf(BindingAddress address) => address.Host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" or "+" => IPAddress.IPv6Any,
        var host => IPAddress.TryParse(host.Trim('[', ']'), out var ip) ? ip : null,
    };
}
