using System.Collections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using ProfileService.Platform;

namespace ProfileService.Cli.CommandLine;

/// <summary>Finds the service in the same container or shell from the environment variables that the service reads.</summary>
internal static class LocalService
{
    private const int MaxPort = ushort.MaxValue;
    private static readonly string[] Endings = ["URLS", "_PORTS", "__URL"]; // of the variables' names

    /// <summary>
    /// The management address; otherwise an address without TLS, otherwise one with TLS; null if the variables name none.
    /// </summary>
    /// <exception cref="CommandException">A variable names no address.</exception>
    public static Uri? FindUrl()
    {
        var settings = new ConfigurationBuilder()
            .AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables()
            .Build();
        List<string> addresses = [.. ServerAddresses.OfManagement(settings), .. ServerAddresses.OfApi(settings).OrderBy(IsSecure)];
        if (addresses.Find(address => !IsAddress(address)) is { } wrong)
            throw Wrong(wrong);
        return ServerAddresses.Read(addresses)
            .Where(a => a.Port != 0)
            .Select(a => new UriBuilder(a.Scheme, HostOf(a), a.Port).Uri)
            .FirstOrDefault();
    }

    private static bool IsSecure(string address) => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private static bool IsAddress(string address)
    {
        try
        {
            var read = BindingAddress.Parse(address);
            return read.IsUnixPipe || read.IsNamedPipe
                || (read is { Scheme: "http" or "https", Port: >= 0 and <= MaxPort } && IsHost(read.Host));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsHost(string host) => host is "*" or "+" || Uri.CheckHostName(host) != UriHostNameType.Unknown;

    private static CommandException Wrong(string address)
    {
        string[] texts = [address, address[(address.LastIndexOf(':') + 1)..]]; // an address, or the port that it was made of
        var variable = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(v => (Name: (string)v.Key, Value: (string?)v.Value))
            .FirstOrDefault(v => Endings.Any(ending => v.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                && ServerAddresses.Split(v.Value).Any(part => texts.Contains(part)));
        return new(variable.Name is { } name && name.EndsWith("_PORTS", StringComparison.OrdinalIgnoreCase)
            ? $"{name} is '{variable.Value}', and must be a port of 1 to {MaxPort}, such as 8080. Correct it, or give --url."
            : $"{variable.Name} is '{variable.Value}', and must be an address such as http://*:8080. Correct it, or give --url.");
    }

    // A service that listens on every address also listens on localhost.
    private static string HostOf(BindingAddress address) => address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
}
