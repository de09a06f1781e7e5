using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace ProfileService.Storage;

/// <summary>The database in a SQLite file, which belongs to one service.</summary>
internal sealed class SqliteProfileDbContext(DbContextOptions<SqliteProfileDbContext> options) : ProfileDbContext(options)
{
    // A property of the file. Without it, lookups and refreshes block each other for 150 ms at a time.
    private const string ReadWhileWriting = "PRAGMA journal_mode = WAL";

    // The migration before which deleted content was left in the file's free space. The file is then written anew, without it.
    private const string FirstSecure = "_Erasures";

    private const string Vacuum = "VACUUM";
    private const string WaitBriefly = "PRAGMA busy_timeout = 1000"; // for readers, with writers waiting behind

    // Moves the log into the file. The first column of the result is 0 if that could be done.
    private const string EmptyLog = "PRAGMA wal_checkpoint(TRUNCATE)";

    // EF Core's lock of a SQLite migration is a row. A killed process leaves it behind, and the next one would wait for it forever. The
    // file belongs to one service, so a row that is found at start is left over.
    private const string ForgetLeftLock = """DELETE FROM "__EFMigrationsLock" """;
    private const string HasLockTable = "SELECT count(*) AS \"Value\" FROM sqlite_master WHERE name = '__EFMigrationsLock'";

    // A row with the highest number may be deleted, and none is given twice.
    private static readonly UpsertRules NumberedProfiles = UpsertRules.Profiles with
    {
        Computed = ("change", "max((SELECT coalesce(max(change), 0) FROM profiles), (SELECT last FROM profile_changes)) + given.place"),
        AfterStore = "UPDATE profile_changes SET last = max(last, (SELECT coalesce(max(change), 0) FROM profiles))",
    };

    private protected override UpsertRules ProfileRules => NumberedProfiles;

    /// <summary>One transaction writes at a time, so that every number that can be seen can be read.</summary>
    public override async Task<(long Readable, long Given)> FindChangeNumbersAsync(CancellationToken cancellationToken)
    {
        var last = await Database.SqlQueryRaw<long>("SELECT last AS \"Value\" FROM profile_changes").SingleAsync(cancellationToken);
        return (last, last);
    }

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await Database.ExecuteSqlRawAsync(ReadWhileWriting, cancellationToken);
        var pending = await Database.GetPendingMigrationsAsync(cancellationToken);
        if (!pending.Any())
            return;
        var isFormer = pending.Any(m => m.EndsWith(FirstSecure, StringComparison.Ordinal))
            && (await Database.GetAppliedMigrationsAsync(cancellationToken)).Any();
        if (await Database.SqlQueryRaw<int>(HasLockTable).SingleAsync(cancellationToken) > 0)
            await Database.ExecuteSqlRawAsync(ForgetLeftLock, cancellationToken);
        if (isFormer) // before the file becomes a current one: if this start fails here, the next one vacuums
            await Database.ExecuteSqlRawAsync(Vacuum, cancellationToken);
        await Database.MigrateAsync(cancellationToken);
    }

    private protected override string Given(IEnumerable<string> columns) =>
        $"(SELECT {string.Join(", ", columns.Select(column => $"@{column} AS {column}"))}, 1 AS place) AS given";

    private protected override async Task<(int Stored, string? Answer)> StoreAsync(
        Upsert upsert, IReadOnlyList<object> rows, IReadOnlyList<string>? hashes, CancellationToken cancellationToken)
    {
        using var turn = await OneWriter.TakeTurnAsync(cancellationToken);
        await Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await Database.GetDbConnection().BeginTransactionAsync(cancellationToken);
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        var answer = await AnswerAsync(command, upsert.Rules.Query, cancellationToken);
        await RunAsync(command, upsert.Rules.BeforeStore, cancellationToken);
        var stored = await StoreEachAsync(command, upsert, rows, hashes, cancellationToken);
        await RunAsync(command, upsert.Rules.AfterStore, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (stored, answer);
    }

    public override async Task<T> WriteAsync<T>(Func<Task<T>> work, bool isAlone, CancellationToken cancellationToken)
    {
        using var turn = await OneWriter.TakeTurnAsync(cancellationToken);
        await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
        var result = await work();
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    /// <summary>In a transaction of its own, unless the caller has begun one.</summary>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        return Database.CurrentTransaction is null ? WriteAsync(SaveAsync, isAlone: false, cancellationToken) : SaveAsync();

        Task<int> SaveAsync() => base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    public override Task PurgeAsync(CancellationToken cancellationToken) => PurgeAsync(rewrites: false, cancellationToken);

    // Where SQLite moved rows from one page to another, the former keeps a copy, which secure_delete does not overwrite.
    public override Task RewriteAsync(CancellationToken cancellationToken) => PurgeAsync(rewrites: true, cancellationToken);

    private async Task PurgeAsync(bool rewrites, CancellationToken cancellationToken)
    {
        using var turn = await OneWriter.TakeTurnAsync(cancellationToken);
        await Database.OpenConnectionAsync(cancellationToken); // for all statements
        await using var command = Database.GetDbConnection().CreateCommand();
        if (rewrites)
            await RunAsync(command, Vacuum, cancellationToken);
        await RunAsync(command, WaitBriefly, cancellationToken);
        command.CommandText = EmptyLog;
        if ((long)(await command.ExecuteScalarAsync(cancellationToken))! != 0)
            throw new IOException("The log of profiles.db is being read, so that it could not be emptied.");
    }

    private static async Task<string?> AnswerAsync(DbCommand command, string? query, CancellationToken cancellationToken)
    {
        command.CommandText = query;
        return query is null ? null : (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task RunAsync(DbCommand command, string? statement, CancellationToken cancellationToken)
    {
        if (statement is null)
            return;
        command.Parameters.Clear();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> StoreEachAsync(
        DbCommand command, Upsert upsert, IReadOnlyList<object> rows, IReadOnlyList<string>? hashes, CancellationToken cancellationToken)
    {
        command.CommandText = upsert.Sql;
        var parameters = upsert.Columns.Select(column => AddParameter(command, column.GetColumnName())).ToList();
        var hash = hashes is null ? null : AddParameter(command, UpsertRules.UserHash);
        var stored = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < parameters.Count; i++)
                parameters[i].Value = upsert.Columns[i].GetGetter().GetClrValue(rows[row]) ?? DBNull.Value;
            if (hash is not null)
                hash.Value = hashes![row];
            stored += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return stored;
    }

    private static DbParameter AddParameter(DbCommand command, string name)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        command.Parameters.Add(parameter);
        return parameter;
    }
}
