using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProfileService.Tests.Cli;

/// <summary>A certificate that nobody vouches for.</summary>
internal static class SelfSigned
{
    /// <summary>With its key, without a password.</summary>
    public static byte[] Pfx(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TestEvents.Start.AddYears(-1), TestEvents.Start.AddYears(50));
        return certificate.Export(X509ContentType.Pfx);
    }
}
