using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace ProfileService.Storage;

/// <summary>The profiles in Postgres, shared by any number of services.</summary>
internal sealed class PostgresProfileDbContext(DbContextOptions<PostgresProfileDbContext> options) : ProfileDbContext(options)
{
    /// <summary>Ids are compared byte by byte: the same on every server, whatever its locale.</summary>
    private const string Collation = "C";

    /// <summary>Kept as it was written, and open to queries: <c>SELECT dimensions->'interests' …</c>.</summary>
    private const string JsonType = "json";

    private const long MigrationLock = 0x50726f66696c6573; // any number that others do not take; this one reads "Profiles"
    private static readonly TimeSpan MigrationTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private const long TurnLock = 0x4974656d73; // any number that others do not take; this one reads "Items"

    /// <summary>Services that start at once take turns; one that finds the tables up to date needs no right to change them.</summary>
    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (!(await Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            return;
        Database.SetCommandTimeout(MigrationTimeout);
        while (!await TryMigrateAsync(cancellationToken))
            await Task.Delay(BetweenTries, TimeProvider.System, cancellationToken);
    }

    /// <summary>
    /// Migrates, unless another service does. Lock and changes are of one transaction: a pooler that lends sessions by the transaction would leave a
    /// session's lock behind. A service that waits keeps no connection, because a pooler may have too few for all that start at once.
    /// </summary>
    private async Task<bool> TryMigrateAsync(CancellationToken cancellationToken)
    {
        await using var turn = await Database.BeginTransactionAsync(cancellationToken);
        var isLocked = Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock({MigrationLock}) AS \"Value\"");
        if (!await isLocked.SingleAsync(cancellationToken))
            return false;
        var history = this.GetService<IHistoryRepository>();
        await history.CreateIfNotExistsAsync(cancellationToken); // a query of a missing table would end the transaction
        await Database.MigrateAsync(cancellationToken);
        await turn.CommitAsync(cancellationToken);
        return true;
    }

    private protected override string Given(IEnumerable<string> columns) =>
        $"unnest({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))}) WITH ORDINALITY " +
        $"AS given ({string.Join(", ", columns)}, place)";

    // So that two services that store the same rows wait for each other instead of deadlocking.
    private protected override string OrderBy(IEnumerable<string> key) =>
        $"ORDER BY {string.Join(", ", key.Select(column => $"given.{column} COLLATE \"{Collation}\""))}";

    /// <summary>All in one round trip, which is one transaction.</summary>
    private protected override async Task<(int Stored, string? Answer)> StoreAsync(
        Upsert upsert, IReadOnlyList<object> rows, CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)Database.GetDbConnection());
        if (upsert.Rules.Answers is { } query)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(query));
        if (upsert.Rules.Computed is not null) // nobody else computes until the transaction ends: results become visible in their order
            batch.BatchCommands.Add(TakeTurn());
        var store = new NpgsqlBatchCommand(upsert.Sql);
        foreach (var column in upsert.Columns)
            store.Parameters.Add(new NpgsqlParameter { Value = ValuesOf(column, rows), DataTypeName = $"{column.GetColumnType()}[]" });
        batch.BatchCommands.Add(store);
        var answer = await batch.ExecuteScalarAsync(cancellationToken) as string;
        return ((int)store.RecordsAffected, answer);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Profile>().Property(p => p.UserId).UseCollation(Collation);
        modelBuilder.Entity<Profile>().Property(p => p.Model).UseCollation(Collation);
        modelBuilder.Entity<Profile>().Property(p => p.Digest).UseCollation(Collation);
        modelBuilder.Entity<Profile>().Property(p => p.Dimensions).HasColumnType(JsonType);
        modelBuilder.Entity<AttributesRow>().Property(a => a.UserId).UseCollation(Collation);
        modelBuilder.Entity<AttributesRow>().Property(a => a.Values).HasColumnType(JsonType);
        modelBuilder.Entity<ItemRow>().Property(i => i.ItemId).UseCollation(Collation);
    }

    private static NpgsqlBatchCommand TakeTurn() => new("SELECT pg_advisory_xact_lock($1)")
    {
        Parameters = { new NpgsqlParameter<long> { TypedValue = TurnLock } },
    };

    private static Array ValuesOf(IProperty column, IReadOnlyList<object> rows)
    {
        var values = Array.CreateInstance(column.ClrType, rows.Count);
        for (var i = 0; i < rows.Count; i++)
            values.SetValue(column.GetGetter().GetClrValue(rows[i]), i);
        return values;
    }
}
