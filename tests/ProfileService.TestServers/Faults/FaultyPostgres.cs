using Npgsql;
using ProfileService.TestServers.Postgres;

namespace ProfileService.TestServers.Faults;

/// <summary>A Postgres that many schedules use one after the other, each with a database of its own, and the network to it.</summary>
internal sealed class FaultyPostgres : IAsyncDisposable
{
    private FaultyPostgres(PostgresServer server) => (Server, Network) = (server, new TcpProxy(server.Port));

    public PostgresServer Server { get; }

    public TcpProxy Network { get; }

    public static async Task<FaultyPostgres> StartAsync()
    {
        var server = await PostgresServer.StartAsync(durable: true);
        server.MayHang = true;
        return new FaultyPostgres(server);
    }

    /// <summary>A new database, by way of the proxy.</summary>
    public async Task<string> CreateDatabaseAsync() =>
        new NpgsqlConnectionStringBuilder(await Server.CreateDatabaseAsync()) { Port = Network.Port }.ToString();

    /// <summary>Whether sessions may write, those that exist included, as when a server became a standby.</summary>
    public async Task AllowWritesAsync(bool allowed)
    {
        await using var postgres = NpgsqlDataSource.Create($"{Server.ConnectionString("postgres")};Pooling=false");
        foreach (var sql in (string[])[$"ALTER SYSTEM SET default_transaction_read_only = {(allowed ? "off" : "on")}",
            "SELECT pg_reload_conf()"])
        {
            await using var command = postgres.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        await Server.DisposeAsync();
    }
}
