using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProfileService.TestServers.Common;

/// <summary>A certificate authority of one's own, with its files in PEM.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private static readonly (DateTimeOffset From, DateTimeOffset Until) Valid = (TestEvents.Start.AddYears(-1), TestEvents.Start.AddYears(50));

    private readonly TempDirectory _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public CertificateAuthority()
    {
        var request = new CertificateRequest("CN=A private authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _certificate = request.CreateSelfSigned(Valid.From, Valid.Until);
        File = Write("ca.crt", _certificate.ExportCertificatePem());
    }

    /// <summary>Its certificate, for those who trust it.</summary>
    public string File { get; }

    /// <summary>A certificate of a server that is called localhost, and nothing else: by its address it is somebody else.</summary>
    public ServerCertificate Issue()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=A server", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)); // of a server
        using var certificate = request.Create(_certificate, Valid.From, Valid.Until, RandomNumberGenerator.GetBytes(16));
        var name = Guid.NewGuid().ToString("N");
        return new ServerCertificate(Write($"{name}.crt", certificate.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }

    private static X509Extension Names()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        return names.Build();
    }

    private string Write(string name, string pem)
    {
        var file = _folder.File(name);
        System.IO.File.WriteAllText(file, pem);
        return file;
    }
}

/// <summary>A server's certificate and its key, as files in PEM.</summary>
internal sealed record ServerCertificate(string File, string KeyFile);
