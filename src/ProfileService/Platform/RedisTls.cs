using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace ProfileService.Platform;

/// <summary>TLS to Redis with a certificate authority of one's own, for which the connection string has no option.</summary>
internal static class RedisTls
{
    /// <summary>Accepts only certificates that come from the authorities of a file, in PEM, and have the name of the server.</summary>
    /// <param name="checksRevocation">An authority of one's own seldom publishes what it revoked.</param>
    public static void TrustOnly(this ConfigurationOptions options, string file, bool checksRevocation)
    {
        var roots = Read(file);
        options.SslClientAuthenticationOptions = host => new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = options.SslProtocols ?? SslProtocols.None, // the system's choice
            CertificateChainPolicy = Policy(roots, checksRevocation),
        };
    }

    /// <summary>Returns null if the setting can be used; else why not.</summary>
    /// <param name="connectionString">One that can be read.</param>
    public static string? Problem(string? connectionString, string file)
    {
        if (string.IsNullOrEmpty(connectionString))
            return "is set, but ConnectionStrings:Redis is not, so that there is no server whose certificate it could check.";
        if (!ConfigurationOptions.Parse(connectionString).Ssl)
            return "is set, but ConnectionStrings:Redis does not say ssl=true, so that nothing would be encrypted.";
        try
        {
            return Read(file).Count > 0 ? null : $"names {file}, in which there is no certificate in PEM.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"cannot be read: {e.Message}";
        }
    }

    private static X509Certificate2Collection Read(string file)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(file);
        return roots;
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection roots, bool checksRevocation)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = checksRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
