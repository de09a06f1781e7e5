using Npgsql;
using ProfileService.Benchmarks.Setup;

namespace ProfileService.Benchmarks.Growth;

/// <summary>What tables take on disk, and what statements write to the log (WAL), as the superuser sees it.</summary>
internal sealed class PostgresCost(NpgsqlDataSource source) : IAsyncDisposable
{
    private const int Minutes = 10; // that a statement may take

    /// <param name="stores">As <see cref="BenchServers.NewStoresAsync"/> gives them.</param>
    public static PostgresCost Open(BenchServers servers, string[] stores)
    {
        const string setting = "--ConnectionStrings:Postgres=";
        var service = stores.Single(s => s.StartsWith(setting, StringComparison.Ordinal))[setting.Length..];
        var database = new NpgsqlConnectionStringBuilder(service).Database!;
        return new PostgresCost(NpgsqlDataSource.Create(servers.Postgres.ConnectionString(database)));
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = Minutes * 60;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<double> NumberAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = Minutes * 60;
        return Convert.ToDouble(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Bytes of the rows, with free space and oversized values, of the tables whose names match; without indexes.</summary>
    public Task<double> RowsAsync(string names, CancellationToken cancellationToken) => SumAsync("pg_table_size", names, cancellationToken);

    public Task<double> IndexesAsync(string names, CancellationToken cancellationToken) =>
        SumAsync("pg_indexes_size", names, cancellationToken);

    /// <summary>Bytes of log that some work writes.</summary>
    /// <param name="afterCheckpoint">Whether the first change of each page writes the whole page.</param>
    public async Task<double> LogOfAsync(bool afterCheckpoint, Func<Task> work, CancellationToken cancellationToken)
    {
        const string position = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn";
        if (afterCheckpoint)
            await ExecuteAsync("CHECKPOINT", cancellationToken);
        var before = await NumberAsync(position, cancellationToken);
        await work();
        return await NumberAsync(position, cancellationToken) - before;
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private Task<double> SumAsync(string function, string names, CancellationToken cancellationToken) => NumberAsync(
        $"SELECT coalesce(sum({function}(oid)), 0) FROM pg_class WHERE relkind = 'r' AND relname ~ '^({names})$'", cancellationToken);
}
