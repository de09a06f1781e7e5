using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using NpgsqlTypes;

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

    // Rows in the order of their key, so that two services that store the same users wait for each other instead of deadlocking.
    // The guards: a profile never goes back to a lower revision, whoever writes last; and a model that was superseded writes nothing over the active one's.
    private const string Upsert = """
        INSERT INTO profiles (user_id, model, digest, revision, event_count, events_through, computed_at, vector, confidence, dimensions)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            AS p (user_id, model, digest, revision, event_count, events_through, computed_at, vector, confidence, dimensions)
        WHERE NOT EXISTS (SELECT FROM served_model s WHERE s.model <> p.model || '@' || p.digest AND s.model <> 'marking ' || p.model || '@' || p.digest)
        ORDER BY p.user_id COLLATE "C", p.model COLLATE "C"
        ON CONFLICT (user_id, model) DO UPDATE SET
            digest = excluded.digest, revision = excluded.revision, event_count = excluded.event_count, events_through = excluded.events_through,
            computed_at = excluded.computed_at, vector = excluded.vector, confidence = excluded.confidence, dimensions = excluded.dimensions
        WHERE excluded.revision >= profiles.revision
        """;

    private const string UpsertAttributes = """
        INSERT INTO attributes (user_id, attributes, updated_at)
        SELECT * FROM unnest($1, $2, $3) AS a (user_id, attributes, updated_at)
        ORDER BY a.user_id COLLATE "C"
        ON CONFLICT (user_id) DO UPDATE SET attributes = excluded.attributes, updated_at = excluded.updated_at
        """;

    // Until the transaction ends nobody else stores items, so that revisions become visible in their order.
    private const long ItemLock = 0x4974656d73; // any number that others do not take; this one reads "Items"
    private const string LockItems = "SELECT pg_advisory_xact_lock($1)";
    private const string UpsertItems = """
        INSERT INTO items (item_id, categories, price, title, labels, content, updated_at, revision)
        SELECT i.*, (SELECT coalesce(max(revision), 0) FROM items) + row_number() OVER ()
        FROM unnest($1, $2, $3, $4, $5, $6, $7) AS i (item_id, categories, price, title, labels, content, updated_at)
        ON CONFLICT (item_id) DO UPDATE SET
            categories = excluded.categories, price = excluded.price, title = excluded.title, labels = excluded.labels,
            content = excluded.content, updated_at = excluded.updated_at, revision = excluded.revision
        """;

    private const string FindServedModel = "SELECT model FROM served_model";

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
    /// Migrates, unless another service does. Lock and changes are of one transaction: a lock of a session would be left behind where a pooler lends sessions by the
    /// transaction. Who waits keeps no connection, for a pooler may have too few for all that start at once.
    /// </summary>
    private async Task<bool> TryMigrateAsync(CancellationToken cancellationToken)
    {
        await using var turn = await Database.BeginTransactionAsync(cancellationToken);
        if (!await Database.SqlQuery<bool>($"SELECT pg_try_advisory_xact_lock({MigrationLock}) AS \"Value\"").SingleAsync(cancellationToken))
            return false;
        await this.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken); // to ask for it where it is missing would end the transaction
        await Database.MigrateAsync(cancellationToken);
        await turn.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Both statements in one round trip.</summary>
    public override async Task<(int Stored, string? ServedModel)> UpsertAsync(IReadOnlyList<Profile> profiles, CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        var upsert = UpsertOf(profiles);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)Database.GetDbConnection()) { BatchCommands = { new NpgsqlBatchCommand(FindServedModel), upsert } };
        var served = (string?)await batch.ExecuteScalarAsync(cancellationToken);
        return ((int)upsert.RecordsAffected, served);
    }

    public override async Task UpsertAsync(IReadOnlyList<UserAttributes> users, CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(UpsertAttributes, (NpgsqlConnection)Database.GetDbConnection())
        {
            Parameters =
            {
                Column(users, u => u.UserId),
                Json(users, u => u.Values),
                Column(users, u => u.UpdatedAt),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override async Task UpsertAsync(IReadOnlyList<ItemRow> items, CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        var connection = (NpgsqlConnection)Database.GetDbConnection();
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { new NpgsqlBatchCommand(LockItems) { Parameters = { new NpgsqlParameter<long> { TypedValue = ItemLock } } }, UpsertOf(items) },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Profile>().Property(p => p.UserId).UseCollation(Collation);
        modelBuilder.Entity<Profile>().Property(p => p.Model).UseCollation(Collation);
        modelBuilder.Entity<Profile>().Property(p => p.Digest).UseCollation(Collation);
        modelBuilder.Entity<Profile>().Property(p => p.Dimensions).HasColumnType(JsonType);
        modelBuilder.Entity<UserAttributes>().Property(a => a.UserId).UseCollation(Collation);
        modelBuilder.Entity<UserAttributes>().Property(a => a.Values).HasColumnType(JsonType);
        modelBuilder.Entity<ItemRow>().Property(i => i.ItemId).UseCollation(Collation);
    }

    private static NpgsqlBatchCommand UpsertOf(IReadOnlyList<Profile> profiles) => new(Upsert)
    {
        Parameters =
        {
            Column(profiles, p => p.UserId),
            Column(profiles, p => p.Model),
            Column(profiles, p => p.Digest),
            Column(profiles, p => p.Revision),
            Column(profiles, p => p.EventCount),
            Column(profiles, p => p.EventsThrough),
            Column(profiles, p => p.ComputedAt),
            Column(profiles, p => p.Vector),
            Column(profiles, p => p.Confidence),
            Json(profiles, p => p.Dimensions),
        },
    };

    private static NpgsqlBatchCommand UpsertOf(IReadOnlyList<ItemRow> items) => new(UpsertItems)
    {
        Parameters =
        {
            Column(items, i => i.ItemId),
            Column(items, i => i.Categories),
            Column(items, i => i.Price),
            Column(items, i => i.Title),
            Column(items, i => i.Labels),
            Column(items, i => i.Content),
            Column(items, i => i.UpdatedAt),
        },
    };

    private static NpgsqlParameter<T[]> Column<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> value) => new() { TypedValue = [.. rows.Select(value)] };

    private static NpgsqlParameter<string?[]> Json<TRow>(IReadOnlyList<TRow> rows, Func<TRow, string?> value) =>
        new() { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json };
}
