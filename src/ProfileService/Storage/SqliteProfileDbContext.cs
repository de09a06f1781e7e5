using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace ProfileService.Storage;

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
        INSERT INTO profiles (user_id, model, digest, revision, event_count, events_through, computed_at, vector, confidence, dimensions)
        VALUES (@user_id, @model, @digest, @revision, @event_count, @events_through, @computed_at, @vector, @confidence, @dimensions)
        ON CONFLICT (user_id, model) DO UPDATE SET
            digest = excluded.digest, revision = excluded.revision, event_count = excluded.event_count, events_through = excluded.events_through,
            computed_at = excluded.computed_at, vector = excluded.vector, confidence = excluded.confidence, dimensions = excluded.dimensions
        WHERE excluded.revision >= profiles.revision
        """;

    private const string UpsertAttributes = """
        INSERT INTO attributes (user_id, attributes, updated_at) VALUES (@user_id, @attributes, @updated_at)
        ON CONFLICT (user_id) DO UPDATE SET attributes = excluded.attributes, updated_at = excluded.updated_at
        """;

    private const string UpsertItem = """
        INSERT INTO items (item_id, categories, price, title, labels, content, updated_at, revision)
        VALUES (@item_id, @categories, @price, @title, @labels, @content, @updated_at, (SELECT coalesce(max(revision), 0) + 1 FROM items))
        ON CONFLICT (item_id) DO UPDATE SET
            categories = excluded.categories, price = excluded.price, title = excluded.title, labels = excluded.labels,
            content = excluded.content, updated_at = excluded.updated_at, revision = excluded.revision
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

    public override Task<(int Stored, string? ServedModel)> UpsertAsync(IReadOnlyList<Profile> profiles, CancellationToken cancellationToken) =>
        InTurnAsync(async command =>
        {
            command.CommandText = FindServedModel;
            var served = (string?)await command.ExecuteScalarAsync(cancellationToken);
            var allowed = profiles.Where(p => ProfileService.Storage.ServedModel.Allows(served, p)).ToList();
            return (await ExecuteEachAsync(command, Upsert, allowed, SetParameters, cancellationToken), served);
        }, cancellationToken);

    public override Task UpsertAsync(IReadOnlyList<UserAttributes> users, CancellationToken cancellationToken) =>
        InTurnAsync(command => ExecuteEachAsync(command, UpsertAttributes, users, SetParameters, cancellationToken), cancellationToken);

    public override Task UpsertAsync(IReadOnlyList<ItemRow> items, CancellationToken cancellationToken) =>
        InTurnAsync(command => ExecuteEachAsync(command, UpsertItem, items, SetParameters, cancellationToken), cancellationToken);

    /// <summary>Writes in one transaction, and nobody else meanwhile.</summary>
    private async Task<T> InTurnAsync<T>(Func<DbCommand, Task<T>> write, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            await Database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await Database.GetDbConnection().BeginTransactionAsync(cancellationToken);
            await using var command = transaction.Connection!.CreateCommand();
            command.Transaction = transaction;
            var result = await write(command);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        finally
        {
            Turn.Release();
        }
    }

    private static async Task<int> ExecuteEachAsync<T>(
        DbCommand command, string sql, IReadOnlyList<T> rows, Action<DbCommand, T> setParameters, CancellationToken cancellationToken)
    {
        command.CommandText = sql;
        var changed = 0;
        foreach (var row in rows)
        {
            command.Parameters.Clear();
            setParameters(command, row);
            changed += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return changed;
    }

    private static void SetParameters(DbCommand command, UserAttributes user)
    {
        Add(command, "user_id", user.UserId);
        Add(command, "attributes", user.Values);
        Add(command, "updated_at", user.UpdatedAt);
    }

    private static void SetParameters(DbCommand command, Profile profile)
    {
        Add(command, "user_id", profile.UserId);
        Add(command, "model", profile.Model);
        Add(command, "digest", profile.Digest);
        Add(command, "revision", profile.Revision);
        Add(command, "event_count", profile.EventCount);
        Add(command, "events_through", profile.EventsThrough);
        Add(command, "computed_at", profile.ComputedAt);
        Add(command, "vector", profile.Vector);
        Add(command, "confidence", profile.Confidence);
        Add(command, "dimensions", profile.Dimensions);
    }

    private static void SetParameters(DbCommand command, ItemRow item)
    {
        Add(command, "item_id", item.ItemId);
        Add(command, "categories", item.Categories);
        Add(command, "price", item.Price);
        Add(command, "title", item.Title);
        Add(command, "labels", item.Labels);
        Add(command, "content", item.Content);
        Add(command, "updated_at", item.UpdatedAt);
    }

    private static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}
