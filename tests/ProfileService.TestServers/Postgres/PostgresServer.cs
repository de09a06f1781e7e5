using Npgsql;
using ProfileService.TestServers.Common;
using ProfileService.TestServers.Processes;
using ProfileService.TestServers.Servers;

namespace ProfileService.TestServers.Postgres;

/// <summary>A PostgreSQL on loopback that lets everyone in.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Patient = ";Timeout=60;Command Timeout=60"; // in a connection string
    private const string Template = "template_profiles";
    private const string Image = "postgres:16-alpine";

    // Made once in each process: initdb takes as long as ten copies of what it makes.
    private static readonly Lazy<Task<GuardedFolder>> EmptyCluster = new(MakeClusterAsync);

    private readonly ITestServer _server;
    private readonly Lazy<Task> _template;
    private readonly GuardedFolder? _folder;
    private int _databases;

    private PostgresServer(ITestServer server, int port, GuardedFolder? folder = null) =>
        (_server, Port, _folder, _template) = (server, port, folder, new Lazy<Task>(MakeTemplateAsync));

    public int Port { get; }

    /// <summary>The data directory of a server that was started in a folder to look into.</summary>
    public string Folder => _folder?.File("data") ?? throw new InvalidOperationException("This server was not started in a folder of its own.");

    /// <param name="durable">Whether commits wait for the disk. A killed server keeps them either way; a machine without power does not.</param>
    /// <param name="image">What runs where a Docker engine answers.</param>
    public static Task<PostgresServer> StartAsync(bool durable = false, string image = Image) =>
        ServerStart.OnFreePortsAsync(() => StartAsync(FreePort.Take(), durable, image));

    /// <summary>On this machine, with files that a test may look into.</summary>
    /// <param name="settings">Such as <c>autovacuum=off</c>.</param>
    public static Task<PostgresServer> StartInFolderAsync(params string[] settings) => ServerStart.OnFreePortsAsync(async () =>
    {
        var (port, folder) = (FreePort.Take(), new GuardedFolder());
        string[] all = [.. Settings(port, durable: false), .. settings.SelectMany(setting => (string[])["-c", setting])];
        var postgres = new PostgresServer(await OnMachineAsync(all, folder), port, folder);
        return await ServerStart.OrEndAsync(postgres, postgres.StartAgainAsync());
    });

    /// <summary>On this machine; it takes TLS alone.</summary>
    public static Task<PostgresServer> StartWithTlsAsync(ServerCertificate certificate) => ServerStart.OnFreePortsAsync(async () =>
    {
        var port = FreePort.Take();
        var postgres = new PostgresServer(await OnMachineAsync(Settings(port, durable: false), new GuardedFolder(), certificate), port);
        return await ServerStart.OrEndAsync(postgres, postgres.StartAgainAsync());
    });

    /// <summary>
    /// Makes a database of its own for a test, migrated by the role that owns the tables. Returns its connection string as the running service
    /// has it: with the role that may what the service needs.
    /// </summary>
    public async Task<string> CreateDatabaseAsync()
    {
        await _template.Value;
        var database = await CreateAsync($"test_{Interlocked.Increment(ref _databases)}", Template);
        await PostgresRoles.MakeAsync(database); // a copy has the rights in the database, but not those to it
        return PostgresRoles.AsService(database);
    }

    /// <summary>Makes a database without tables; returns its connection string, as superuser.</summary>
    public Task<string> CreateEmptyDatabaseAsync() => CreateAsync($"empty_{Interlocked.Increment(ref _databases)}", "template1");

    /// <summary>
    /// Whether it may stop answering, as where a test pauses it. Then its users have the service's short timeouts; otherwise they wait for an
    /// answer, however slow the machine is.
    /// </summary>
    public bool MayHang { get; set; }

    /// <summary>As superuser.</summary>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Include Error Detail=true{(MayHang ? "" : Patient)}";

    /// <summary>Whether sessions of a database may write, as of the next ones; those that there are end.</summary>
    public async Task AllowWritesAsync(string connectionString, bool allowed)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await using var connection = await ConnectAsync();
        foreach (var sql in (string[])[
            $"ALTER DATABASE {database} SET default_transaction_read_only = {(allowed ? "off" : "on")}",
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"])
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

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
        var settings = Settings(port, durable);
        var server = await DockerEngine.AnswersAsync() ? new ContainerServer(image, port, ["postgres", .. settings]) : await OnMachineAsync(settings, new GuardedFolder());
        var postgres = new PostgresServer(server, port);
        return await ServerStart.OrEndAsync(postgres, postgres.StartAgainAsync());
    }

    private static string[] Settings(int port, bool durable) =>
        ["-c", $"port={port}", "-c", "max_connections=300", "-c", $"fsync={(durable ? "on" : "off")}"];

    private static async Task<ITestServer> OnMachineAsync(string[] settings, GuardedFolder data, ServerCertificate? certificate = null)
    {
        var empty = await EmptyCluster.Value;
        var user = await UnprivilegedUser.ForAsync(data.Path);
        var (copy, files) = user.Command("cp", "--archive", empty.File("data"), data.File("data"));
        await Tool.RunAsync(copy, files);
        string[] tls = certificate is null ? [] : await TlsAsync(data, certificate);
        string[] local = ["-D", data.File("data"), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
        var (postgres, start) = user.Command(Installed.Program("postgres"), [.. local, .. tls, .. settings]);
        return new LocalServer(postgres, start, data, discard: UnixSignal.Quit); // ends at once, without a checkpoint
    }

    // PostgreSQL reads a key only if it is its own user's and nobody else's.
    private static async Task<string[]> TlsAsync(GuardedFolder data, ServerCertificate certificate)
    {
        File.Copy(certificate.File, data.File("server.crt"));
        File.Copy(certificate.KeyFile, data.File("server.key"));
        await File.WriteAllTextAsync(data.File("pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust\n");
        string[] own = [data.File("server.crt"), data.File("server.key"), data.File("pg_hba.conf")];
        await Tool.RunAsync("chmod", ["600", .. own]);
        await Tool.RunAsync("chown", [$"--reference={data.Path}", .. own]);
        return ["-c", "ssl=on", "-c", $"ssl_cert_file={own[0]}", "-c", $"ssl_key_file={own[1]}", "-c", $"hba_file={own[2]}"];
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

    private async Task MakeTemplateAsync()
    {
        var database = await CreateAsync(Template, "template1");
        await PostgresRoles.MakeAsync(database);
        await PostgresRoles.MigrateAsync(database);
    }

    private async Task<string> CreateAsync(string database, string template)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {database} TEMPLATE {template}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(database);
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
