using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using ProfileService.Platform;

namespace ProfileService.Cli;

/// <summary>The service of this container or shell, found by the environment variables that it reads, too.</summary>
internal static class OwnService
{
    /// <summary>Its management address, else one without TLS, else one with; null where the variables name none.</summary>
    public static Uri? FindUrl()
    {
        var settings = new ConfigurationBuilder()
            .AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables()
            .Build();
        return ServerAddresses.Read(ServerAddresses.OfManagement(settings).Concat(ServerAddresses.OfDoors(settings).OrderBy(IsSecure)))
            .Where(a => a.Port != 0)
            .Select(a => new UriBuilder(a.Scheme, HostOf(a), a.Port).Uri)
            .FirstOrDefault();
    }

    private static bool IsSecure(string address) => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    // Whoever listens on any address listens on this machine's own.
    private static string HostOf(BindingAddress address) => address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
}
