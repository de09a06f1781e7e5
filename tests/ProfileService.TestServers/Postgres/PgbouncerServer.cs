using Npgsql;
using ProfileService.TestServers.Common;
using ProfileService.TestServers.Processes;
using ProfileService.TestServers.Servers;

namespace ProfileService.TestServers.Postgres;

/// <summary>Debian's PgBouncer on loopback, before a PostgreSQL, that lends its connections by the transaction.</summary>
internal sealed class PgbouncerServer : IAsyncDisposable
{
    private static readonly string[] Users = ["postgres", "profiles_owner", "profiles_service"];

    private readonly ITestServer _server;
    private readonly string _database;
    private readonly int _port;

    private PgbouncerServer(ITestServer server, string database, int port) => (_server, _database, _port) = (server, database, port);

    /// <summary>Of the PostgreSQL's database, by way of PgBouncer.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_database) { Port = _port }.ToString();

    /// <param name="database">Connection string of the PostgreSQL's database.</param>
    public static Task<PgbouncerServer> StartAsync(string database) => ServerStart.OnFreePortsAsync(() => StartAsync(database, FreePort.Take()));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<PgbouncerServer> StartAsync(string database, int port)
    {
        var data = new GuardedFolder();
        var user = await UnprivilegedUser.ForAsync(data.Path);
        await File.WriteAllTextAsync(data.File("users"), string.Concat(Users.Select(name => $"\"{name}\" \"\"\n")));
        await File.WriteAllTextAsync(data.File("pgbouncer.ini"), Settings(new NpgsqlConnectionStringBuilder(database).Port, port, data.File("users")));
        var (program, arguments) = user.Command(Installed.Program("pgbouncer"), data.File("pgbouncer.ini"));
        var bouncer = new PgbouncerServer(new LocalServer(program, arguments, data), database, port);
        return await ServerStart.OrEndAsync(bouncer, ServerStart.UntilItAnswersAsync(bouncer._server, bouncer.IsReadyAsync));
    }

    // All else is as Debian ships it. Few connections, each in its turn, so that sessions change hands.
    private static string Settings(int postgres, int port, string users) => $"""
        [databases]
        * = host=127.0.0.1 port={postgres}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = trust
        auth_file = {users}
        pool_mode = transaction
        default_pool_size = 3
        server_round_robin = 1
        max_client_conn = 300
        """;

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false;Timeout=5");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
