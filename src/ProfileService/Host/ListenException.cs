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

    private static string Addresses(IConfiguration configuration) =>
        ServerAddresses.OfApi(configuration) is { Count: > 0 } addresses ? string.Join(" or ", addresses) : "its addresses";

    private static string Describe(string addresses, Exception e) => e switch
    {
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            $"The service may not listen on {addresses}: {e.Message}. A port below 1024 may need a permission that the account lacks.",
        SocketException => $"The service cannot listen on {addresses}: {e.Message}. The address does not belong to this machine.",
        CryptographicException => $"The certificate for {addresses} cannot be used: {e.Message}",
        InvalidOperationException when e.Message.Contains("No server certificate", StringComparison.Ordinal) =>
            $"An https address among {addresses} has no certificate. "
            + "Name one in Kestrel:Certificates:Default:Path, with :KeyPath or :Password.",
        _ => $"The service cannot listen: {e.Message}",
    };
}
