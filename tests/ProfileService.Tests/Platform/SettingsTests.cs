using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Tests.Platform;

/// <summary>Settings of the real service, wherever they stand.</summary>
[Needs(Need.Process)]
public sealed class SettingsTests : IDisposable
{
    private readonly TempDirectory _data = new();

    [Fact]
    public async Task NamesThatNobodyReadsStopTheStartWhereverTheyStandAndAllAreNamed()
    {
        await File.WriteAllTextAsync(_data.File("appsettings.json"), """{ "Windws": { "MaxEvents": 5 }, "Lookup": { "MaxUsrs": 1, "CacheFor": null }, "Items": {} }""", TestContext.Current.CancellationToken);
        var output = await StartInVainAsync(
            [("ConnectionStrings__Rediss", "x"), ("CONNECTIONSTRINGS_POSTGRES", "x"), ("Redis__Host", "x"), ("ASPNETCORE_URL", "x"), ("ASPNETCORE_Similar__MaxUser", "5"), ("PATH_TO__NOTHING", "x"), ("AllowedHosts__FILE", "/x")],
            "--ConnectionString:Redis=x", "--Redis", "localhost", "-x", "--Refresh:Lease");
        foreach (var named in (string[])
            [
                "Windws:MaxEvents (appsettings.json) is not a setting. Did you mean Windows:MaxEvents?",
                "Lookup:MaxUsrs (appsettings.json) is not a setting. Did you mean Lookup:MaxUsers?",
                "Lookup:CacheFor (appsettings.json) has no value.",
                "environment variable ConnectionStrings__Rediss) is not a setting. Did you mean ConnectionStrings:Redis?",
                "environment variable CONNECTIONSTRINGS_POSTGRES) is not a setting. Did you mean ConnectionStrings:Postgres?",
                "environment variable Redis__Host) is not a setting. Did you mean ConnectionStrings:Redis?",
                "environment variable ASPNETCORE_URL) is not a setting. Did you mean urls?",
                "environment variable ASPNETCORE_Similar__MaxUser) is not a setting. Did you mean Similar:MaxUsers?",
                "environment variable AllowedHosts__FILE) is not a setting.",
                "argument --ConnectionString:Redis) is not a setting. Did you mean ConnectionStrings:Redis?",
                "argument --Redis) is not a setting. Did you mean ConnectionStrings:Redis?",
                "'-x' is not a setting.",
                "--Refresh:Lease has no value.",
            ])
            Assert.Contains(named, output, StringComparison.Ordinal);
        Assert.DoesNotContain("NOTHING", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongValuesAreNamedWithTheirPlaceAndWhatIsExpected()
    {
        var output = await StartInVainAsync(
            [("Windows__MaxAge", "soon"), ("Logging__LogLevel__Default", "Loud"), ("ASPNETCORE_HTTP_PORTS", "abc"), ("ConnectionStrings__Redis", ""), ("Events__Archive", "None,Postgres"), ("Windows__IdleTtl", "5"),
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "nonsense"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "smoke"), ("AllowedHosts", "shop.example;http://x")],
            "--Windows:MaxEvents=0", "--Events:HighestRating=five", "--Events:LowestRating=-1e9", "--Hosting:Role=7", "--Model:RequireProvider=maybe", "--Events:ExtraKinds=a", "--Data:Directory=", "--Windows:TextTtl=24:00:00", "--Refresh:Lease=0:10", "--Lookup:MaxUsers=0x2", "--Refresh:MaxBatch=#10", "--Events:MaxBodyBytes=1e3", "--urls=http://localhost:abc", "--Logging:Console:FormatterName=xml");
        foreach (var named in (string[])
            [
                "Windows:MaxAge = 'soon' (environment variable Windows__MaxAge) cannot be read as a time span",
                "Windows:MaxEvents = '0' (argument --Windows:MaxEvents) is not between 1 and 10,000.",
                "Events:Archive = 'None,Postgres' (environment variable Events__Archive) cannot be read as one of None, Postgres.",
                "Windows:IdleTtl = '5' (environment variable Windows__IdleTtl) cannot be read as a time span",
                "Windows:TextTtl = '24:00:00' (argument --Windows:TextTtl) cannot be read as a time span ([days.]hours:minutes:seconds; one day is 1.00:00:00).",
                "Refresh:Lease = '0:10' (argument --Refresh:Lease) cannot be read as a time span",
                "Lookup:MaxUsers = '0x2' (argument --Lookup:MaxUsers) cannot be read as a whole number.",
                "Refresh:MaxBatch = '#10' (argument --Refresh:MaxBatch) cannot be read as a whole number.",
                "Events:MaxBodyBytes = '1e3' (argument --Events:MaxBodyBytes) cannot be read as a whole number.",
                "Events:HighestRating = 'five' (argument --Events:HighestRating) cannot be read as a number.",
                "Events:LowestRating = '-1e9' (argument --Events:LowestRating) is not between -1,000,000 and 1,000,000.",
                "Hosting:Role = '7' (argument --Hosting:Role) cannot be read as one of All, Api, Refresh.",
                "Model:RequireProvider = 'maybe' (argument --Model:RequireProvider) cannot be read as true or false.",
                "Events:ExtraKinds = 'a' (argument --Events:ExtraKinds) cannot be read as a list",
                "Data:Directory = '' (argument --Data:Directory) is empty.",
                "ConnectionStrings:Redis = '' (environment variable ConnectionStrings__Redis) is empty.",
                "Logging:LogLevel:Default = 'Loud' (environment variable Logging__LogLevel__Default) is not one of Trace",
                "Logging:Console:FormatterName = 'xml' (argument --Logging:Console:FormatterName) is not one of simple, json, systemd.",
                "urls = 'http://localhost:abc' (argument --urls) is not a list of addresses",
                "OTEL_EXPORTER_OTLP_ENDPOINT = 'nonsense' (environment variable OTEL_EXPORTER_OTLP_ENDPOINT) is not an address",
                "OTEL_EXPORTER_OTLP_PROTOCOL = 'smoke' (environment variable OTEL_EXPORTER_OTLP_PROTOCOL) is not one of grpc, http/protobuf.",
                "AllowedHosts = 'shop.example;http://x' (environment variable AllowedHosts) is not a list of host names",
                "http_ports = 'abc' (environment variable ASPNETCORE_HTTP_PORTS) is not a list of ports",
            ])
            Assert.Contains(named, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CertificateOfAServerThatIsNotNamedStopsTheStart() => Assert.Contains(
        "ConnectionStrings:RedisRootCertificate is set, but ConnectionStrings:Redis is not",
        await StartInVainAsync([], "--ConnectionStrings:RedisRootCertificate=/tmp/authority.pem"),
        StringComparison.Ordinal);

    [Fact]
    public async Task ModelThatNobodyWouldComputeByStopsTheStart() => Assert.Contains(
        "Model:Activate is true, but Hosting:Role is Api",
        await StartInVainAsync([], "--Model:Activate=true", "--Hosting:Role=Api", "--ConnectionStrings:Redis=127.0.0.1:1"),
        StringComparison.Ordinal);

    [Fact]
    public async Task LookupThatMayWaitLongerThanARequestStopsTheStart() => Assert.Contains(
        "Lookup:FreshTimeout exceeds Hosting:RequestTimeout",
        await StartInVainAsync([], "--Hosting:RequestTimeout=00:00:10", "--Lookup:FreshTimeout=00:00:10.001"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("--Events:LowestRating=5")]
    [InlineData("--Events:HighestRating=-1")]
    [InlineData("--Events:HighestRating=NaN")]
    public async Task ScaleOfRatingsThatDoesNotRiseStopsTheStart(string argument) =>
        Assert.Contains("Events:HighestRating", await StartInVainAsync([], argument), StringComparison.Ordinal);

    [Fact]
    public async Task FaultsOfConnectionStringsAreAllNamedAndNoValueIsRepeated()
    {
        var output = await StartInVainAsync(
            [],
            "--ConnectionStrings:Redis=a:port,passwrd=secret,ssl=secret,konnectTimeout=5,password=se,cret@",
            "--ConnectionStrings:Postgres=Hots=secret;Port=secret;Passwort=secret");
        foreach (var named in (string[])["part 1 is neither", "part 6 is neither", "most similar one is 'password'", "value of 'ssl'", "most similar one is 'connectTimeout'", "most similar one is 'Host'", "value of 'port'", "most similar one is 'Password'"])
            Assert.Contains(named, output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output, StringComparison.Ordinal);
        Assert.DoesNotContain("cret@", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis://localhost:6379")]
    [InlineData("localhost:99999")]
    [InlineData("localhost:6379 password=x")]
    [InlineData("ssl=true")]
    [InlineData("[::1:6379")]
    public void WhatIsNoServerOfRedisIsNotTakenForItsName(string connectionString) => Assert.NotEmpty(RedisKeywords.Problems(connectionString));

    [Theory]
    [InlineData("localhost")]
    [InlineData("a:6379,b.example:6380,[::1]:6379,10.0.0.1,password=x=y,ssl=true,$CLIENT=")]
    [InlineData("!/run/redis.sock")]
    public void ServersAndOptionsOfRedisAreTaken(string connectionString) => Assert.Empty(RedisKeywords.Problems(connectionString));

    [Theory]
    [InlineData("abortConnect=false")]
    [InlineData("AllowAdmin=true")]
    [InlineData("channelPrefix=shop:")]
    [InlineData(" configChannel = x")]
    [InlineData("tiebreaker=x")]
    public void OptionsOfRedisThatTheServiceSetsAreRefusedWithAReason(string option) => Assert.Contains(
        $"'{option.Split('=')[0].Trim()}' cannot be set: ", Assert.Single(RedisKeywords.Problems($"localhost,{option}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("localhost,asyncTimeout=5", true)]
    [InlineData("localhost, ASYNCTIMEOUT = 5", true)]
    [InlineData("localhost,syncTimeout=5", false)]
    [InlineData("localhost,password=asyncTimeout=5", false)]
    public void OptionsOfRedisAreFoundAsTheLibraryReadsThem(string connectionString, bool has) =>
        Assert.Equal(has, RedisKeywords.Has(connectionString, "asyncTimeout"));

    [Fact]
    public void EveryOptionOfRedisThatIsOfferedExists() =>
        Assert.All(RedisKeywords.Known, option => Assert.DoesNotContain("not supported", Record.Exception(() => ConfigurationOptions.Parse($"{option}="))?.Message ?? "", StringComparison.Ordinal));

    [Fact]
    public async Task SettingsComeFromFiles()
    {
        var secrets = Directory.CreateDirectory(_data.File("secrets")).FullName;
        await File.WriteAllTextAsync(Path.Combine(secrets, "Lookup__MaxUsers"), "7\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_data.File("kind"), "5\r\n", TestContext.Current.CancellationToken);
        using var service = await ServiceProcess.StartAsync(_data, [("Hosting__SecretsDirectory", secrets), ("Events__MaxArrayLength__FILE", _data.File("kind"))]);
        Assert.Contains("at most 7 ids", await PostAsync(service, "/v1/profiles/lookup", """{ "userIds": ["1","2","3","4","5","6","7","8"] }"""), StringComparison.Ordinal);
        Assert.Contains("5", await PostAsync(service, "/v1/events", "[{},{},{},{},{},{}]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilesThatCannotBeReadAndSecretsThatAreWrongStopTheStartAndStaySecret()
    {
        var secrets = Directory.CreateDirectory(_data.File("secrets")).FullName;
        await File.WriteAllTextAsync(Path.Combine(secrets, "Lookup__MaxUsers"), "secret", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(secrets, "Lookup__MaxUsrs"), "secret", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_data.File("wrong"), "secret\n", TestContext.Current.CancellationToken);
        var output = await StartInVainAsync(
            [("Hosting__SecretsDirectory", secrets), ("ConnectionStrings__Postgres__FILE", "/no/such/file"), ("ConnectionStrings__Redis__FILE", _data.Path), ("Refresh__MaxBatch__FILE", _data.File("wrong"))],
            "--Windows:MaxEvents=5", $"--Windows:MaxEvents:FILE={_data.File("wrong")}");
        foreach (var named in (string[])
            [
                "ConnectionStrings:Postgres:FILE = '/no/such/file' is not a file.",
                "ConnectionStrings:Redis:FILE =",
                "Lookup:MaxUsrs (file Lookup__MaxUsrs in Hosting:SecretsDirectory) is not a setting.",
                "Lookup:MaxUsers (file Lookup__MaxUsers in Hosting:SecretsDirectory) cannot be read as a whole number.",
                "Refresh:MaxBatch (the file that Refresh:MaxBatch:FILE names) cannot be read as a whole number.",
                "Windows:MaxEvents and Windows:MaxEvents:FILE are both set.",
            ])
            Assert.Contains(named, output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("'secret'", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileOfSettingsThatIsNoJsonIsNamed()
    {
        await File.WriteAllTextAsync(_data.File("appsettings.json"), "{ \"Windows\": ", TestContext.Current.CancellationToken);
        Assert.Contains("appsettings.json", await StartInVainAsync([]), StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();

    private static async Task<string> PostAsync(ServiceProcess service, string path, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var reply = await service.Client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string> StartInVainAsync((string Name, string Value)[] environment, params string[] arguments)
    {
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage, environment, arguments);
        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
        return output;
    }
}
