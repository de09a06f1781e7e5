using DotNet.Testcontainers.Containers;
using ProfileService.TestServers.Common;
using ProfileService.TestServers.Processes;
using ProfileService.TestServers.Servers;

namespace ProfileService.TestServers.Redis;

/// <summary>A Redis on loopback, with the users of a deployment, that keeps nothing on disk unless its arguments say so.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    public const string Image = "redis:7-alpine";

    /// <summary>In a connection string.</summary>
    public const string Patient = ",asyncTimeout=60000";

    private const int Databases = 4096;

    private readonly ITestServer _server;
    private readonly GuardedFolder? _folder;
    private readonly bool _isTls;
    private int _taken = -1;

    private RedisServer(ITestServer server, int port, GuardedFolder? folder = null, bool isTls = false) =>
        (_server, Port, _folder, _isTls) = (server, port, folder, isTls);

    public int Port { get; }

    /// <summary>
    /// Whether it may stop answering, as where a test pauses it. Then its users have the service's short timeouts; otherwise they wait for an
    /// answer, however slow the machine is.
    /// </summary>
    public bool MayHang { get; set; }

    /// <summary>Whether the process has ended, by itself or by a test.</summary>
    public bool HasEnded => _server.HasEnded;

    /// <summary>The folder of its files, of a server on a small disk or in a folder to look into.</summary>
    public string Folder => _folder?.Path ?? throw new InvalidOperationException("This server was not started in a folder of its own.");

    /// <param name="arguments">More than the defaults, for example <c>--appendonly yes</c>, word by word.</param>
    public static Task<RedisServer> StartAsync(params string[] arguments) =>
        ServerStart.OnFreePortsAsync(() => StartAsync(FreePort.Take(), networkOwner: null, arguments));

    /// <summary>On this machine and on a disk of its own that is small enough to fill.</summary>
    public static Task<RedisServer> StartOnSmallDiskAsync(params string[] arguments) =>
        ServerStart.OnFreePortsAsync(async () => await StartInAsync(await GuardedFolder.OnSmallDiskAsync(), arguments));

    /// <summary>On this machine, with files that a test may look into.</summary>
    public static Task<RedisServer> StartInFolderAsync(params string[] arguments) =>
        ServerStart.OnFreePortsAsync(() => StartInAsync(new GuardedFolder(), arguments));

    /// <summary>On this machine; it takes TLS alone.</summary>
    public static Task<RedisServer> StartWithTlsAsync(ServerCertificate certificate) => ServerStart.OnFreePortsAsync(async () =>
    {
        var port = FreePort.Take();
        string[] tls = ["--tls-port", $"{port}", "--tls-cert-file", certificate.File, "--tls-key-file", certificate.KeyFile, "--tls-auth-clients", "no"];
        var redis = new RedisServer(OnMachine(Command(0, tls), new GuardedFolder()), port, isTls: true);
        return await ServerStart.OrEndAsync(redis, redis.StartAgainAsync());
    });

    /// <param name="networkOwner">The container whose network this one shares; null for its own.</param>
    public static async Task<RedisServer> StartAsync(int port, IContainer? networkOwner, params string[] arguments)
    {
        var command = Command(port, arguments);
        var redis = new RedisServer(await DockerEngine.AnswersAsync() ? InContainer(command, port, networkOwner) : OnMachine(command, new GuardedFolder()), port);
        return await ServerStart.OrEndAsync(redis, redis.StartAgainAsync());
    }

    private static async Task<RedisServer> StartInAsync(GuardedFolder folder, string[] arguments)
    {
        var port = FreePort.Take();
        var redis = new RedisServer(OnMachine(Command(port, arguments), folder), port, folder);
        return await ServerStart.OrEndAsync(redis, redis.StartAgainAsync());
    }

    /// <summary>A number that no other test has on this server.</summary>
    public int TakeDatabase() => Interlocked.Increment(ref _taken) is < Databases and var database
        ? database
        : throw new InvalidOperationException($"All {Databases} databases are taken.");

    /// <summary>As the service's user, which may what the service needs.</summary>
    public string ConnectionString(int database = 0) =>
        $"127.0.0.1:{Port},{RedisUsers.Service},defaultDatabase={database}{Patience}";

    /// <summary>As one who may everything, for what a test does to the server.</summary>
    public string TesterConnectionString(int database = 0) => $"127.0.0.1:{Port},{RedisUsers.Tester},defaultDatabase={database}{Patience}";

    /// <summary>Lets the service look at the server's settings, which its user of users.conf may not.</summary>
    public Task TellSettingsAsync() => RedisLine.SendAsync(Port, "ACL SETUSER profiles +config|get");

    private string Patience => MayHang ? "" : Patient;

    /// <summary>Empties a database.</summary>
    public Task FlushAsync(int database) => RedisLine.SendAsync(Port, $"SELECT {database}\r\nFLUSHDB");

    public Task StopAsync() => _server.StopAsync();

    public Task KillAsync() => _server.KillAsync();

    /// <summary>Returns when the server has loaded what it kept and answers.</summary>
    public Task StartAgainAsync() => ServerStart.UntilItAnswersAsync(_server, () => _isTls ? RedisLine.IsHeardAsync(Port) : RedisLine.IsReadyAsync(Port));

    public Task PauseAsync() => _server.PauseAsync();

    public Task ResumeAsync() => _server.ResumeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string[] Command(int port, string[] arguments) =>
        ["redis-server", "--port", $"{port}", "--save", "", "--databases", $"{Databases}", "--loglevel", "warning", .. RedisUsers.Arguments, .. arguments];

    private static LocalServer OnMachine(string[] command, GuardedFolder data) =>
        new(Installed.Program(command[0]), [.. command[1..], "--bind", "127.0.0.1", "--dir", data.Path], data);

    private static ContainerServer InContainer(string[] command, int port, IContainer? networkOwner)
    {
        string[] open = [.. command, "--protected-mode", "no"];
        return networkOwner is null ? new ContainerServer(Image, port, open) : new ContainerServer(Image, networkOwner, open);
    }
}
