using Npgsql;

namespace ProfileService.TestServers;

/// <summary>
/// A PostgreSQL with pgvector: in a container, or the machine's own where it has the extension, or else the one that eng/servers fetches from npm, which is
/// compiled to WebAssembly and speaks the wire protocol.
/// </summary>
internal sealed class PgvectorServer : IAsyncDisposable
{
    private const string Image = "pgvector/pgvector:pg16";
    private const string Extensions = "/usr/share/postgresql";

    // All connections share one session: one at a time, and no statement that another connection would find prepared.
    private const string OneSession = "Maximum Pool Size=1;Max Auto Prepare=0;Timeout=30;Command Timeout=60";

    private readonly IAsyncDisposable _server;

    private PgvectorServer(IAsyncDisposable server, string connectionString) => (_server, ConnectionString) = (server, connectionString);

    /// <summary>Of a database of its own.</summary>
    public string ConnectionString { get; }

    public static async Task<PgvectorServer> StartAsync()
    {
        if (!HasExtension() && !await Docker.AnswersAsync())
            return await ServerStart.OnFreePortsAsync(() => StartFetchedAsync(FreePort.Take()));
        var postgres = await PostgresServer.StartAsync(image: Image);
        return new PgvectorServer(postgres, await postgres.CreateDatabaseAsync());
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static bool HasExtension() =>
        Directory.Exists(Extensions) && Directory.GetDirectories(Extensions).Any(version => File.Exists(Path.Combine(version, "extension", "vector.control")));

    private static async Task<PgvectorServer> StartFetchedAsync(int port)
    {
        var program = Repository.Path("eng/pgvector/server.mjs");
        if (!Directory.Exists(Repository.Path("eng/pgvector/node_modules")))
            throw new InvalidOperationException("There is no PostgreSQL with pgvector on this machine; eng/servers fetches one.");
        var server = new LocalServer(Installed.Program("node"), [program, $"{port}"], new GuardedFolder());
        var connectionString = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;{OneSession}";
        return await ServerStart.OrEndAsync(new PgvectorServer(server, connectionString), ServerStart.UntilItAnswersAsync(server, () => IsReadyAsync(connectionString)));
    }

    private static async Task<bool> IsReadyAsync(string connectionString)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
