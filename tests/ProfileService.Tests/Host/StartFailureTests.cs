using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using ProfileService.Host;

namespace ProfileService.Tests.Host;

/// <summary>Every way in which a start fails says what is wrong and what to do, in plain lines alone.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class StartFailureTests(TestServers servers) : IDisposable
{
    private readonly TempDirectory _data = new();

    [Fact]
    public async Task AddressThatIsTaken()
    {
        using var other = Listen();
        await FailsAsync($"Failed to bind to address http://127.0.0.1:{PortOf(other)}: address already in use.", $"--urls=http://127.0.0.1:{PortOf(other)}");
    }

    [Theory]
    [InlineData("cannot listen on http://192.0.2.1:8080", "--urls=http://192.0.2.1:8080", "--Auth:Mode=Keys")]
    [InlineData("no-such.pfx", "--Kestrel:Endpoints:A:Url=https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path=no-such.pfx")]
    [InlineData("certificate", "--Kestrel:Endpoints:A:Url=https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path=/dev/null")]
    [InlineData("Kestrel:Endpoints:A:Url = 'ftp://127.0.0.1:0'", "--Kestrel:Endpoints:A:Url=ftp://127.0.0.1:0")]
    [InlineData("Kestrel:Endpoints:A:Protocols = 'Http9'", "--Kestrel:Endpoints:A:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:A:Protocols=Http9")]
    public Task AddressThatCannotBeHad(string named, params string[] arguments) => FailsAsync(named, arguments);

    [Fact]
    public async Task AddressWithoutACertificate()
    {
        var output = await FailsAsync("https://127.0.0.1:0 has no certificate", "--urls=https://127.0.0.1:0");
        Assert.DoesNotContain("stop what listens there", output, StringComparison.Ordinal);
    }

    [Fact]
    public void FileDescriptorsThatAreShort()
    {
        var few = new ListenException(new ConfigurationBuilder().Build(), new TypeInitializationException("SocketAsyncEngine", null));
        Assert.Contains("LimitNOFILE", Assert.Single(StartFailure.Explain(few)!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(200)]
    [InlineData(511)]
    public async Task FewerFileDescriptorsThanAStartNeeds(int limit)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => ServiceProcess.StartWithinAsync($"ulimit -n {limit};", _data));
        Assert.Contains($"may have {limit} at most", failure.Message, StringComparison.Ordinal);
        Assert.Contains("LimitNOFILE", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AsManyFileDescriptorsAsAStartNeeds()
    {
        using var service = await ServiceProcess.StartWithinAsync("ulimit -n 512;", _data);
        await service.Client.ReadyAsync(200);
    }

    [Theory]
    [InlineData(SQLitePCL.raw.SQLITE_FULL, "The disk is full")]
    [InlineData(SQLitePCL.raw.SQLITE_IOERR, "The disk is full")]
    [InlineData(SQLitePCL.raw.SQLITE_READONLY, "profiles.db")]
    [InlineData(SQLitePCL.raw.SQLITE_BUSY, "Another program has the file locked")]
    [InlineData(SQLitePCL.raw.SQLITE_LOCKED, "Another program has the file locked")]
    public void FileThatCannotBeWritten(int code, string named) =>
        Assert.Contains(named, string.Join(' ', StartFailure.Explain(new Microsoft.Data.Sqlite.SqliteException("It fails.", code))!), StringComparison.Ordinal);

    [Fact]
    public void NoServerIsBlamedForWhatAnotherMayHaveDone()
    {
        foreach (var e in (Exception[])[new TimeoutException("late"), new SocketException((int)SocketError.AddressFamilyNotSupported)])
        {
            var lines = string.Join(' ', StartFailure.Explain(e)!);
            Assert.Contains(e.Message, lines, StringComparison.Ordinal);
            Assert.DoesNotContain("Redis", lines, StringComparison.Ordinal);
            Assert.DoesNotContain("Postgres", lines, StringComparison.Ordinal);
        }

        Assert.Contains("Postgres", string.Join(' ', StartFailure.Explain(new SocketException((int)SocketError.HostNotFound))!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectionStringOfAVariableOfDotnet()
    {
        var (_, output) = await ServiceProcess.StartInVainAsync(
            _data, Repository.TinyPackage, [("SQLCONNSTR_Redis", "127.0.0.1:6379")]);
        Assert.Contains("environment variable SQLCONNSTR_Redis", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFolderThatIsAFile()
    {
        await File.WriteAllTextAsync(_data.File("file"), "", TestContext.Current.CancellationToken);
        await FailsAsync("is a file. Name another folder.", $"--Data:Directory={_data.File("file")}");
        await FailsAsync("is a file. Name another folder.", $"--Data:Directory={_data.File("file")}/below");
        await FailsAsync("cannot be written", "--Data:Directory=/proc/data");
    }

    [Fact]
    public async Task DataFileThatIsNoDatabase()
    {
        await File.WriteAllTextAsync(_data.File("windows.db"), new string('x', 10_000), TestContext.Current.CancellationToken);
        await FailsAsync("windows.db is damaged");
    }

    [Fact]
    public async Task RedisThatRefusesThePassword()
    {
        await using var redis = await RedisServer.StartAsync();
        await FailsAsync("refuses the user or the password", $"--ConnectionStrings:Redis=127.0.0.1:{redis.Port},user=profiles,password=wrong");
    }

    [Fact]
    public async Task PostgresWithoutTheUser()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        await FailsAsync("\"nobody\" does not exist", $"--ConnectionStrings:Postgres={database.Replace("=profiles_service", "=nobody", StringComparison.Ordinal)}");
    }

    [Theory]
    [InlineData("json")]
    [InlineData("systemd")]
    public async Task LogsHaveTheFormThatIsAskedFor(string form)
    {
        using var other = Listen();
        var output = await FailsAsync("already in use", $"--urls=http://127.0.0.1:{PortOf(other)}", $"--Logging:Console:FormatterName={form}");
        var line = output.Split('\n').First(l => l.Contains("Microsoft.Hosting.Lifetime", StringComparison.Ordinal) || l.Contains("ModelSlot", StringComparison.Ordinal));
        if (form == "json")
            Assert.Equal("Information", JsonElement.Parse(line).GetProperty("LogLevel").GetString());
        else
            Assert.StartsWith("<6>", line, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private async Task<string> FailsAsync(string named, params string[] arguments)
    {
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage, arguments);
        Assert.Equal(1, exitCode);
        var reason = output[output.IndexOf("The service cannot start:", StringComparison.Ordinal)..];
        Assert.Contains(named, reason, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        return output;
    }
}
