using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace ProfileService.Storage;

/// <summary>The database in Postgres, which any number of services may share.</summary>
internal sealed class PostgresProfileDbContext(DbContextOptions<PostgresProfileDbContext> options) : ProfileDbContext(options)
{
    /// <summary>Compares ids byte by byte, the same on every server, whatever its locale.</summary>
    private const string Collation = "C";

    /// <summary>Keeps the text as it was written, and can be queried: <c>SELECT dimensions->'interests' …</c>.</summary>
    private const string JsonType = "json";

    private const long MigrationLock = 0x50726f66696c6573; // any number that nobody else locks; this one spells "Profiles"
    private static readonly TimeSpan MigrationTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    // Writers of what an erasure must not let back in share it, an erasure has it alone; this one spells "Erasure".
    private const long ErasureLock = 0x45726173757265;

    /// <summary>
    /// Must precede a statement that consults the ledger, in the same transaction: then its snapshot has every erasure that it did not
    /// precede as a whole.
    /// </summary>
    public static readonly string ShareErasureLock = $"SELECT pg_advisory_xact_lock_shared({ErasureLock})";

    /// <summary>
    /// Has the lock alone, to the end of the transaction. Whoever comes later waits behind a transaction that waits for it, and a writer
    /// may hang; therefore <see cref="WaitBriefly"/> comes before it, and every other lock that may be long in coming.
    /// </summary>
    public static readonly string TakeErasureLock = $"SELECT pg_advisory_xact_lock({ErasureLock})";

    /// <summary>From here to the end of the transaction, a wait for a lock gives up after a second.</summary>
    public const string WaitBriefly = "SET LOCAL lock_timeout = '1s'";

    private const long OwnerLock = 0x4f776e6572; // any number that nobody else locks; this one spells "Owner"

    /// <summary>One process at a time finds out whether it may use the database, to the end of the transaction.</summary>
    public static readonly string TakeOwnerLock = $"SELECT pg_advisory_xact_lock({OwnerLock})";

    private const long PersonLock = 0x506572736f6e; // any number that nobody else locks; this one spells "Person"
    private const long ItemsLock = 0x4974656d73; // any number that nobody else locks; this one spells "Items"

    private static readonly UpsertRules NumberedProfiles =
        UpsertRules.Profiles with { Computed = ("change", ChangeNumbers.Next), BeforeStore = ChangeNumbers.Announce };

    // One transaction at a time: revisions become visible in their order.
    private static readonly UpsertRules ItemsInTurn = UpsertRules.Items with { BeforeStore = $"SELECT pg_advisory_xact_lock({ItemsLock})" };

    private protected override UpsertRules ProfileRules => NumberedProfiles;

    private protected override UpsertRules ItemRules => ItemsInTurn;

    public override Task<(long Readable, long Given)> FindChangeNumbersAsync(CancellationToken cancellationToken) =>
        ChangeNumbers.FindAsync(this, cancellationToken);

    public override Task<bool> IsReadOnlyAsync(CancellationToken cancellationToken) =>
        Database.SqlQueryRaw<bool>(
            """
            SELECT current_setting('transaction_read_only')::boolean OR pg_is_in_recovery() AS "Value"
            FROM (SELECT count(*) FROM served_model) AS read
            """).SingleAsync(cancellationToken);

    /// <summary>
    /// Services that start at the same time take turns. If there is nothing to migrate, the right to change tables is not needed. A table
    /// that somebody uses for long is tried again and again, because all who come later would wait behind a migration that waits.
    /// </summary>
    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (!(await Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            return;
        Database.SetCommandTimeout(MigrationTimeout);
        var began = TimeProvider.System.GetTimestamp();
        while (!await TryAsync())
            await Task.Delay(RetryInterval, TimeProvider.System, cancellationToken);

        async Task<bool> TryAsync()
        {
            try
            {
                return await TryMigrateAsync(cancellationToken);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable
                && TimeProvider.System.GetElapsedTime(began) < MigrationTimeout)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Migrates unless another service is migrating. The lock belongs to the transaction of the changes, because a pooler in transaction
    /// mode would leave a session's lock behind. A service that waits keeps no connection, because a pooler may have fewer than services
    /// start.
    /// </summary>
    private async Task<bool> TryMigrateAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
        var isLocked = Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock({MigrationLock}) AS \"Value\"");
        if (!await isLocked.SingleAsync(cancellationToken))
            return false;
        await Database.ExecuteSqlRawAsync(WaitBriefly, cancellationToken);
        var history = this.GetService<IHistoryRepository>();
        await history.CreateIfNotExistsAsync(cancellationToken); // a query of a missing table would abort the transaction
        await Database.MigrateAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private protected override string Given(IEnumerable<string> columns) =>
        $"unnest({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))}) WITH ORDINALITY " +
        $"AS given ({string.Join(", ", columns)}, place)";

    // Services that store the same rows lock them in the same order, and so cannot deadlock.
    private protected override string OrderBy(IEnumerable<string> key) =>
        $"ORDER BY {string.Join(", ", key.Select(column => $"given.{column} COLLATE \"{Collation}\""))}";

    /// <summary>Sends all statements in one round trip, which is one transaction.</summary>
    private protected override async Task<(int Stored, string? Answer)> StoreAsync(
        Upsert upsert, IReadOnlyList<object> rows, IReadOnlyList<string>? hashes, CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)Database.GetDbConnection());
        if (upsert.Rules.Query is { } query)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(query));
        if (upsert.Rules.BeforeStore is { } before)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(before));
        if (hashes is not null)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(ShareErasureLock));
        var store = new NpgsqlBatchCommand(upsert.Sql);
        foreach (var column in upsert.Columns)
            store.Parameters.Add(new NpgsqlParameter { Value = ValuesOf(column, rows), DataTypeName = $"{column.GetColumnType()}[]" });
        if (hashes is not null)
            store.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. hashes] });
        batch.BatchCommands.Add(store);
        if (upsert.Rules.AfterStore is { } after)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(after));
        var answer = await batch.ExecuteScalarAsync(cancellationToken) as string;
        return ((int)store.RecordsAffected, answer);
    }

    public override async Task<T> WriteAsync<T>(Func<Task<T>> work, bool isAlone, CancellationToken cancellationToken)
    {
        await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
        if (isAlone)
            await Database.ExecuteSqlRawAsync(string.Join(';', WaitBriefly, TakeErasureLock), cancellationToken);
        var result = await work();
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    public override Task LockPersonsAsync(CancellationToken cancellationToken) =>
        Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({PersonLock})", cancellationToken);

    public override Task LockItemsAsync(CancellationToken cancellationToken) =>
        Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({ItemsLock})", cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasSequence<long>(ChangeNumbers.Sequence);
        modelBuilder.Entity<Profile>().Property(p => p.UserId).UseCollation(Collation);
        modelBuilder.Entity<Profile>().Property(p => p.Model).UseCollation(Collation);
        modelBuilder.Entity<Profile>().Property(p => p.Digest).UseCollation(Collation);
        modelBuilder.Entity<Profile>().Property(p => p.Dimensions).HasColumnType(JsonType);
        modelBuilder.Entity<AttributesRow>().Property(a => a.UserId).UseCollation(Collation);
        modelBuilder.Entity<AttributesRow>().Property(a => a.Values).HasColumnType(JsonType);
        modelBuilder.Entity<ItemRow>().Property(i => i.ItemId).UseCollation(Collation);
        modelBuilder.Entity<ErasedUser>().Property(e => e.UserHash).UseCollation(Collation);
        modelBuilder.Entity<PurposesRow>().Property(p => p.UserHash).UseCollation(Collation);
        modelBuilder.Entity<AliasRow>().Property(a => a.UserId).UseCollation(Collation);
        modelBuilder.Entity<AliasRow>().Property(a => a.PersonId).UseCollation(Collation);
        modelBuilder.Entity<PendingErasure>().Property(p => p.Receipt).UseCollation(Collation);
        modelBuilder.Entity<PendingErasure>().Property(p => p.UserId).UseCollation(Collation);
        modelBuilder.Entity<Erasure>().Property(r => r.Receipt).UseCollation(Collation);
    }

    private static Array ValuesOf(IProperty column, IReadOnlyList<object> rows)
    {
        var values = Array.CreateInstance(column.ClrType, rows.Count);
        for (var i = 0; i < rows.Count; i++)
            values.SetValue(column.GetGetter().GetClrValue(rows[i]), i);
        return values;
    }
}
