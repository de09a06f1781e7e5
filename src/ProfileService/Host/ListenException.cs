using System.Net.Sockets;
using System.Security.Cryptography;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>The server cannot listen on its addresses, or cannot use its certificate.</summary>
internal sealed class ListenException(IConfiguration configuration, Exception inner)
    : Exception(Describe(Addresses(configuration), inner), inner)
{
    private const string Server = "Microsoft.AspNetCore.Server.Kestrel";

    /// <summary>
    /// Whether the web server threw the exception. The type alone does not tell, because other failures have the same types.
    /// </summary>
    public static bool IsCauseOf(Exception e) => e.StackTrace?.Contains(Server, StringComparison.Ordinal) ?? false;

    /// <summary>What to do, if the message does not say it.</summary>
    public string? Advice => InnerException switch
    {
        TypeInitializationException or CryptographicException or FileNotFoundException => null,
        SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } => null,
        InvalidOperationException e when IsWithoutCertificate(e) => null,
        _ => "Change urls (ASPNETCORE_URLS or --urls), ASPNETCORE_HTTP_PORTS or the section Kestrel, or stop what listens there.",
    };

    private static bool IsWithoutCertificate(InvalidOperationException e) =>
        e.Message.Contains("No server certificate", StringComparison.Ordinal);

    private static string Addresses(IConfiguration configuration) =>
        ServerAddresses.OfApi(configuration) is { Count: > 0 } addresses ? string.Join(" or ", addresses) : "its addresses";

    private static string Describe(string addresses, Exception e) => e switch
    {
        // The runtime's sockets need descriptors before the first address is tried.
        TypeInitializationException or SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } =>
            $"The service cannot listen: too few file descriptors are left ({FileDescriptors.Free() ?? 0}). {FileDescriptors.Advice}",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            $"The service may not listen on {addresses}: {e.Message}. A port below 1024 may need a permission that the account lacks.",
        SocketException => $"The service cannot listen on {addresses}: {e.Message}. The address does not belong to this machine.",
        CryptographicException => $"The certificate for {addresses} cannot be used: {e.Message}",
        InvalidOperationException wrong when IsWithoutCertificate(wrong) =>
            $"An https address among {addresses} has no certificate. "
            + "Name one in Kestrel:Certificates:Default:Path, with :KeyPath or :Password.",
        _ => $"The service cannot listen: {e.Message}",
    };
}
