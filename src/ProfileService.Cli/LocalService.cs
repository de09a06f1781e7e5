using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using ProfileService.Platform;

namespace ProfileService.Cli;

/// <summary>Finds the service in the same container or shell from the environment variables that the service reads.</summary>
internal static class LocalService
{
    /// <summary>
    /// The management address; otherwise an address without TLS, otherwise one with TLS; null if the variables name none.
    /// </summary>
    public static Uri? FindUrl()
    {
        var settings = new ConfigurationBuilder()
            .AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables()
            .Build();
        var addresses = ServerAddresses.OfManagement(settings).Concat(ServerAddresses.OfApi(settings).OrderBy(IsSecure));
        return ServerAddresses.Read(addresses)
            .Where(a => a.Port != 0)
            .Select(a => new UriBuilder(a.Scheme, HostOf(a), a.Port).Uri)
            .FirstOrDefault();
    }

    private static bool IsSecure(string address) => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    // A service that listens on every address also listens on localhost.
    private static string HostOf(BindingAddress address) => address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
}
