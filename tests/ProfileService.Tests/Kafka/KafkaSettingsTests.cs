namespace ProfileService.Tests.Kafka;

/// <summary>Settings of the section Kafka that cannot be used.</summary>
[Needs(Need.Process)]
public sealed class KafkaSettingsTests : IDisposable
{
    private readonly TempDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("Kafka:Topic must be", "--Kafka:Topic=")]
    [InlineData("Kafka:Topic must be", "--Kafka:Topic=a/b")]
    [InlineData("Kafka:BootstrapServers must be", "--Kafka:BootstrapServers=localhost")]
    [InlineData("Kafka:Topic is set, but Kafka:BootstrapServers is empty", "--Kafka:BootstrapServers=")]
    [InlineData("Kafka:Password is set, but Kafka:BootstrapServers is empty", "--Kafka:BootstrapServers=", "--Kafka:Topic=", "--Kafka:Password=hidden")]
    [InlineData("Kafka:ClientKey is set, but Kafka:BootstrapServers is empty", "--Kafka:BootstrapServers=", "--Kafka:Topic=", "--Kafka:ClientKey=/no/such/file")]
    [InlineData("Kafka:DeadLetterTopic is Kafka:Topic", "--Kafka:DeadLetterTopic=events")]
    [InlineData("Kafka:Password is required", "--Kafka:Security=SaslSsl", "--Kafka:Username=u")]
    [InlineData("Kafka:Username is set", "--Kafka:Username=u")]
    [InlineData("Kafka:Password is set", "--Kafka:Password=hidden")]
    [InlineData("Kafka:RootCertificate cannot be read", "--Kafka:Security=Ssl", "--Kafka:RootCertificate=/no/such/file")]
    [InlineData("Kafka:RootCertificate is set", "--Kafka:RootCertificate=/no/such/file")]
    [InlineData("Kafka:ClientCertificate and Kafka:ClientKey", "--Kafka:Security=Ssl", "--Kafka:ClientKey=/no/such/file")]
    [InlineData("Kafka:ClientKeyPassword is set", "--Kafka:ClientKeyPassword=hidden")]
    [InlineData("Kafka:Security = 'Tls'", "--Kafka:Security=Tls")]
    [InlineData("Kafka:Group = ''", "--Kafka:Group=")]
    public async Task WrongSettingStopsTheStartAndIsNamed(string named, params string[] arguments)
    {
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(
            _data, Repository.TinyPackage, ["--Kafka:BootstrapServers=localhost:9092", "--Kafka:Topic=events", .. arguments]);
        Assert.Equal(1, exitCode);
        Assert.Contains(named, output, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
