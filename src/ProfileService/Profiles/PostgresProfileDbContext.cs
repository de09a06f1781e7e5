using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ProfileService.Profiles;

/// <summary>The profiles in Postgres, shared by any number of services.</summary>
internal sealed class PostgresProfileDbContext(DbContextOptions<PostgresProfileDbContext> options) : ProfileDbContext(options)
{
    /// <summary>Ids are compared byte by byte: the same on every server, whatever its locale.</summary>
    private const string Collation = "C";

    private const long MigrationLock = 0x50726f66696c6573; // any number that others do not take; this one reads "Profiles"
    private static readonly TimeSpan MigrationTimeout = TimeSpan.FromMinutes(10);

    // Rows in the order of their key, so that two services that store the same users wait for each other instead of deadlocking.
    // The guard: a profile never goes back to a lower revision, whoever writes last.
    private const string Upsert = """
        INSERT INTO profiles (user_id, model, revision, event_count, events_through, computed_at, vector)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) AS p (user_id, model, revision, event_count, events_through, computed_at, vector)
        ORDER BY p.user_id COLLATE "C", p.model COLLATE "C"
        ON CONFLICT (user_id, model) DO UPDATE SET
            revision = excluded.revision, event_count = excluded.event_count, events_through = excluded.events_through,
            computed_at = excluded.computed_at, vector = excluded.vector
        WHERE excluded.revision >= profiles.revision
        """;

    private const string FindServedModel = "SELECT model FROM served_model";

    /// <summary>Services that start at once take turns; one that finds the tables up to date needs no right to change them.</summary>
    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (!(await Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            return;
        Database.SetCommandTimeout(MigrationTimeout);
        await Database.OpenConnectionAsync(cancellationToken);
        await Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({MigrationLock})", cancellationToken);
        try
        {
            await Database.MigrateAsync(cancellationToken);
        }
        finally
        {
            await Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({MigrationLock})", CancellationToken.None);
            await Database.CloseConnectionAsync();
        }
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

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Profile>().Property(p => p.UserId).UseCollation(Collation);
        modelBuilder.Entity<Profile>().Property(p => p.Model).UseCollation(Collation);
    }

    private static NpgsqlBatchCommand UpsertOf(IReadOnlyList<Profile> profiles)
    {
        return new NpgsqlBatchCommand(Upsert)
        {
            Parameters =
            {
                Column(p => p.UserId),
                Column(p => p.Model),
                Column(p => p.Revision),
                Column(p => p.EventCount),
                Column(p => p.EventsThrough),
                Column(p => p.ComputedAt),
                Column(p => p.Vector),
            },
        };

        NpgsqlParameter<T[]> Column<T>(Func<Profile, T> value) => new() { TypedValue = [.. profiles.Select(value)] };
    }
}
