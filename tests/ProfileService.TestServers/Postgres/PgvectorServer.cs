using Npgsql;
using ProfileService.TestServers.Common;
using ProfileService.TestServers.Processes;
using ProfileService.TestServers.Servers;

namespace ProfileService.TestServers.Postgres;

/// <summary>
/// A PostgreSQL with pgvector: in a container, or the machine's own where it has the extension, or else the one that eng/servers fetches from npm, which is
/// compiled to WebAssembly and speaks the wire protocol.
/// </summary>
internal sealed class PgvectorServer : IAsyncDisposable
{
    private const string Image = "pgvector/pgvector:pg16";
    private const string Extensions = "/usr/share/postgresql";

    // All connections share one session: one at a time, and no statement that another connection would find prepared.
    private const string OneSession = "Maximum Pool Size=1;Max Auto Prepare=0;Timeout=600;Command Timeout=600";

    private readonly IAsyncDisposable _server;
    private readonly Func<Task<string>> _create;

    private PgvectorServer(IAsyncDisposable server, Func<Task<string>> create) => (_server, _create) = (server, create);

    /// <summary>
    /// Makes a database, migrated by the role that owns the tables; returns its connection string as the running service has it. The one before
    /// may be gone.
    /// </summary>
    public Task<string> CreateDatabaseAsync() => _create();

    public static async Task<PgvectorServer> StartAsync()
    {
        if (!HasExtension() && !await DockerEngine.AnswersAsync())
            return await ServerStart.OnFreePortsAsync(() => StartFetchedAsync(FreePort.Take()));
        var postgres = await PostgresServer.StartAsync(image: Image);
        return new PgvectorServer(postgres, postgres.CreateDatabaseAsync);
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
        return await ServerStart.OrEndAsync(new PgvectorServer(server, () => MakeAnewAsync(connectionString)), ServerStart.UntilItAnswersAsync(server, () => IsReadyAsync(connectionString)));
    }

    // There is one database and one session, whose role is set, for nobody logs in.
    private static async Task<string> MakeAnewAsync(string database)
    {
        const string remove = "RESET search_path; SET SESSION AUTHORIZATION postgres; DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS profiles_service CASCADE; CREATE SCHEMA public";
        await PostgresRoles.ExecuteAsync(database, remove);
        await PostgresRoles.MakeAsync(database);
        await PostgresRoles.ExecuteAsync(database, "SET SESSION AUTHORIZATION profiles_owner");
        await PostgresRoles.MigrateAsync(database);
        await PostgresRoles.ExecuteAsync(database, "SET SESSION AUTHORIZATION profiles_service; SET search_path = public, profiles_service");
        return database;
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
