using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using ProfileService.Client;
using ProfileService.Tests.Cli;

namespace ProfileService.Tests.Host;

/// <summary>TLS to Redis, to Postgres and to the service, with a private authority: nobody is believed whom it does not vouch for.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class TlsTests(TlsServers servers) : IClassFixture<TlsServers>, IDisposable
{
    private const string Loopback = "127.0.0.1"; // in no certificate of these tests

    private readonly TempDirectory _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClientAndCommandReachTheServiceAndItReachesItsStores()
    {
        using var service = await ServiceProcess.StartAsync(_data, [.. Redis(), .. Postgres(), .. Https()]);
        using var http = Trusting(service, servers.Authority);
        var client = new ProfileServiceClient(http);
        var viewed = new UserEvent { UserId = "u1", Kind = EventKinds.View, ItemId = "i1", Timestamp = TestEvents.Start };
        Assert.Equal(1, (await client.SendEventAsync(viewed, Token)).Accepted);
        Assert.NotNull(await client.GetProfileAsync("u1", fresh: true, cancellationToken: Token));

        await File.WriteAllTextAsync(_data.File("events.ndjson"), TestEvents.Event(1, "u2").Json(), Token);
        var (exitCode, output) = await ReplayAsync(service, "localhost", servers.Authority);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task ServiceWithoutATrustedCertificateOfItsNameIsBelievedByNoClientAndNoCommand()
    {
        using var service = await ServiceProcess.StartAsync(_data, Https());
        await File.WriteAllTextAsync(_data.File("events.ndjson"), TestEvents.Event(1, "u2").Json(), Token);
        foreach (var (host, authority) in new[] { ("localhost", servers.Other), (Loopback, servers.Authority) })
        {
            using var http = Trusting(service, authority, host);
            await Assert.ThrowsAsync<HttpRequestException>(() => new ProfileServiceClient(http).GetStatusAsync(Token));
            var (exitCode, output) = await ReplayAsync(service, host, authority);
            Assert.Equal(1, exitCode);
            Assert.Contains("cannot be reached by https: The remote certificate is invalid", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RedisOfAnotherAuthorityOrNameStopsTheStart()
    {
        Assert.Contains("Redis's certificate is refused", await FailsAsync(Redis(authority: servers.Other)), StringComparison.Ordinal);
        Assert.Contains("RemoteCertificateNameMismatch", await FailsAsync(Redis(Loopback)), StringComparison.Ordinal);
        Assert.Contains("Redis's certificate is refused", await FailsAsync(Redis()[0]), StringComparison.Ordinal); // the machine does not know the authority
    }

    [Fact]
    public async Task PostgresOfAnotherAuthorityOrNameStopsTheStart()
    {
        Assert.Contains("Postgres's certificate is refused", await FailsAsync(Postgres(authority: servers.Other)), StringComparison.Ordinal);
        Assert.Contains("Postgres's certificate is refused", await FailsAsync(Postgres(Loopback)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlainTextToAServerThatTakesTlsAloneStopsTheStart()
    {
        Assert.Contains("ssl=true", await FailsAsync($"--ConnectionStrings:Redis=localhost:{servers.Redis.Port},{RedisUsers.Service}"), StringComparison.Ordinal);
        Assert.Contains("no encryption", await FailsAsync(Postgres(mode: SslMode.Disable)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AuthorityThatWouldNotBeUsedStopsTheStart()
    {
        var plain = $"--ConnectionStrings:Redis=localhost:{servers.Redis.Port},{RedisUsers.Service}";
        Assert.Contains("does not say ssl=true", await FailsAsync(plain, Redis()[1]), StringComparison.Ordinal);
        foreach (var file in (string[])["/no/such/file", "/dev/null", "/proc"])
            Assert.Contains("ConnectionStrings:RedisRootCertificate", await FailsAsync(Redis()[0], $"--ConnectionStrings:RedisRootCertificate={file}"), StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();

    private string[] Redis(string host = "localhost", CertificateAuthority? authority = null) =>
    [
        $"--ConnectionStrings:Redis={host}:{servers.Redis.Port},ssl=true,{RedisUsers.Service}",
        $"--ConnectionStrings:RedisRootCertificate={(authority ?? servers.Authority).File}",
    ];

    private string[] Postgres(string host = "localhost", CertificateAuthority? authority = null, SslMode mode = SslMode.VerifyFull) =>
    [
        "--ConnectionStrings:Postgres=" + new NpgsqlConnectionStringBuilder(servers.Database)
        {
            Host = host,
            SslMode = mode,
            RootCertificate = (authority ?? servers.Authority).File,
        },
    ];

    private string[] Https()
    {
        var certificate = servers.Authority.Issue();
        return
        [
            $"--Kestrel:Endpoints:Https:Url=https://{Loopback}:0",
            $"--Kestrel:Endpoints:Https:Certificate:Path={certificate.File}",
            $"--Kestrel:Endpoints:Https:Certificate:KeyPath={certificate.KeyFile}",
        ];
    }

    private static HttpClient Trusting(ServiceProcess service, CertificateAuthority authority, string host = "localhost")
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authority.File);
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
        return new HttpClient(handler) { BaseAddress = AddressOf(service, host) };
    }

    private Task<(int ExitCode, string Output)> ReplayAsync(ServiceProcess service, string host, CertificateAuthority authority) =>
        CliProcess.RunInAsync([("SSL_CERT_FILE", authority.File)], "replay", _data.File("events.ndjson"), "--url", $"{AddressOf(service, host)}");

    private static Uri AddressOf(ServiceProcess service, string host) => new UriBuilder(service.Client.BaseAddress!) { Host = host }.Uri;

    private async Task<string> FailsAsync(params string[] settings)
    {
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage, settings);
        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        return output[output.IndexOf("The service cannot start:", StringComparison.Ordinal)..];
    }
}

/// <summary>A Redis and a PostgreSQL that take TLS alone, under certificates of one authority.</summary>
public sealed class TlsServers : IAsyncLifetime
{
    internal CertificateAuthority Authority { get; } = new();

    /// <summary>One that has signed nothing here.</summary>
    internal CertificateAuthority Other { get; } = new();

    internal RedisServer Redis { get; private set; } = null!;

    /// <summary>Connection string of a database, without TLS settings.</summary>
    internal string Database { get; private set; } = null!;

    private PostgresServer? _postgres;

    public async ValueTask InitializeAsync()
    {
        Redis = await RedisServer.StartWithTlsAsync(Authority.Issue());
        _postgres = await PostgresServer.StartWithTlsAsync(Authority.Issue());
        Database = await _postgres.CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Redis is not null)
            await Redis.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        Authority.Dispose();
        Other.Dispose();
    }
}
