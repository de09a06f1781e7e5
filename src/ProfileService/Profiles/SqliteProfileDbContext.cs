using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace ProfileService.Profiles;

/// <summary>The profiles in one SQLite file, of one service.</summary>
internal sealed class SqliteProfileDbContext(DbContextOptions<SqliteProfileDbContext> options) : ProfileDbContext(options)
{
    // Kept in the file. Without it lookups and the refresh lock each other out, 150 ms at a time.
    private const string ReadWhileWriting = "PRAGMA journal_mode = WAL";

    // EF Core guards a SQLite migration by a row that a killed process leaves behind, and then waits for it for ever. The file belongs
    // to one service, so a row found at its start is such a remainder.
    private const string ForgetLeftLock = """DELETE FROM "__EFMigrationsLock" """;
    private const string HasLockTable = "SELECT count(*) AS \"Value\" FROM sqlite_master WHERE name = '__EFMigrationsLock'";

    // The guard: a profile never goes back to a lower revision, whoever writes last.
    private const string Upsert = """
        INSERT INTO profiles (user_id, model, revision, event_count, events_through, computed_at, vector)
        VALUES (@user_id, @model, @revision, @event_count, @events_through, @computed_at, @vector)
        ON CONFLICT (user_id, model) DO UPDATE SET
            revision = excluded.revision, event_count = excluded.event_count, events_through = excluded.events_through,
            computed_at = excluded.computed_at, vector = excluded.vector
        WHERE excluded.revision >= profiles.revision
        """;

    // SQLite lets one writer in, and who finds another there sleeps 150 ms at a time; here writers take turns.
    private static readonly SemaphoreSlim Turn = new(1);

    private const string FindServedModel = "SELECT model FROM served_model";

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await Database.ExecuteSqlRawAsync(ReadWhileWriting, cancellationToken);
        if (!(await Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            return;
        if (await Database.SqlQueryRaw<int>(HasLockTable).SingleAsync(cancellationToken) > 0)
            await Database.ExecuteSqlRawAsync(ForgetLeftLock, cancellationToken);
        await Database.MigrateAsync(cancellationToken);
    }

    public override async Task<(int Stored, string? ServedModel)> UpsertAsync(IReadOnlyList<Profile> profiles, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            return await UpsertInTurnAsync(profiles, cancellationToken);
        }
        finally
        {
            Turn.Release();
        }
    }

    private async Task<(int Stored, string? ServedModel)> UpsertInTurnAsync(IReadOnlyList<Profile> profiles, CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await Database.GetDbConnection().BeginTransactionAsync(cancellationToken);
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Upsert;
        var stored = 0;
        foreach (var profile in profiles)
        {
            SetParameters(command, profile);
            stored += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        command.Parameters.Clear();
        command.CommandText = FindServedModel;
        var served = (string?)await command.ExecuteScalarAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (stored, served);
    }

    private static void SetParameters(DbCommand command, Profile profile)
    {
        command.Parameters.Clear();
        Add("user_id", profile.UserId);
        Add("model", profile.Model);
        Add("revision", profile.Revision);
        Add("event_count", profile.EventCount);
        Add("events_through", profile.EventsThrough);
        Add("computed_at", profile.ComputedAt);
        Add("vector", profile.Vector);

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
    }
}
