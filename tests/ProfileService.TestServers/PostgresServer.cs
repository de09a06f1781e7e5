using Npgsql;

namespace ProfileService.TestServers;

/// <summary>A PostgreSQL on loopback that lets everyone in.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Image = "postgres:16-alpine";

    // Made once in each process: initdb takes as long as ten copies of what it makes.
    private static readonly Lazy<Task<GuardedFolder>> EmptyCluster = new(MakeClusterAsync);

    private readonly ITestServer _server;
    private int _databases;

    private PostgresServer(ITestServer server, int port) => (_server, Port) = (server, port);

    public int Port { get; }

    /// <param name="durable">Whether commits wait for the disk. A killed server keeps them either way; a machine without power does not.</param>
    /// <param name="image">What runs where a Docker engine answers.</param>
    public static Task<PostgresServer> StartAsync(bool durable = false, string image = Image) =>
        ServerStart.OnFreePortsAsync(() => StartAsync(FreePort.Take(), durable, image));

    /// <summary>Makes a database of its own for a test; returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var database = $"test_{Interlocked.Increment(ref _databases)}";
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {database}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(database);
    }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Include Error Detail=true";

    /// <summary>Ends connections and saves.</summary>
    public Task StopAsync() => _server.StopAsync();

    public Task KillAsync() => _server.KillAsync();

    /// <summary>Returns when the server has recovered what it kept and lets clients in.</summary>
    public Task StartAgainAsync() => ServerStart.UntilItAnswersAsync(_server, IsReadyAsync);

    public Task PauseAsync() => _server.PauseAsync();

    public Task ResumeAsync() => _server.ResumeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<PostgresServer> StartAsync(int port, bool durable, string image)
    {
        string[] settings = ["-c", $"port={port}", "-c", "max_connections=300", "-c", $"fsync={(durable ? "on" : "off")}"];
        var server = await Docker.AnswersAsync() ? new ContainerServer(image, port, ["postgres", .. settings]) : await OnMachineAsync(settings);
        var postgres = new PostgresServer(server, port);
        return await ServerStart.OrEndAsync(postgres, postgres.StartAgainAsync());
    }

    private static async Task<ITestServer> OnMachineAsync(string[] settings)
    {
        var empty = await EmptyCluster.Value;
        var data = new GuardedFolder();
        var user = await UnprivilegedUser.ForAsync(data.Path);
        var (copy, files) = user.Command("cp", "--archive", empty.File("data"), data.File("data"));
        await Tool.RunAsync(copy, files);
        string[] local = ["-D", data.File("data"), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
        var (postgres, start) = user.Command(Installed.Program("postgres"), [.. local, .. settings]);
        return new LocalServer(postgres, start, data);
    }

    private static async Task<GuardedFolder> MakeClusterAsync()
    {
        var folder = new GuardedFolder();
        var user = await UnprivilegedUser.ForAsync(folder.Path);
        string[] options = ["--auth", "trust", "--username", "postgres", "--encoding", "UTF8", "--no-locale", "--no-sync"];
        var (initdb, arguments) = user.Command(Installed.Program("initdb"), ["--pgdata", folder.File("data"), .. options]);
        await Tool.RunAsync(initdb, arguments);
        return folder;
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            await using var connection = await ConnectAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection($"{ConnectionString("postgres")};Pooling=false;Timeout=60");
        await connection.OpenAsync();
        return connection;
    }
}
