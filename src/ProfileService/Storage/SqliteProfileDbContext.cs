using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ProfileService.Storage;

/// <summary>The database in a SQLite file, which belongs to one service.</summary>
internal sealed class SqliteProfileDbContext(DbContextOptions<SqliteProfileDbContext> options) : ProfileDbContext(options)
{
    // A property of the file. Without it, lookups and refreshes block each other for 150 ms at a time.
    private const string ReadWhileWriting = "PRAGMA journal_mode = WAL";

    // EF Core's lock of a SQLite migration is a row. A killed process leaves it behind, and the next one would wait for it forever. The
    // file belongs to one service, so a row that is found at start is left over.
    private const string ForgetLeftLock = """DELETE FROM "__EFMigrationsLock" """;
    private const string HasLockTable = "SELECT count(*) AS \"Value\" FROM sqlite_master WHERE name = '__EFMigrationsLock'";

    // SQLite has one writer at a time, and a second one polls every 150 ms. Writers of this process wait for each other here instead.
    private static readonly SemaphoreSlim Turn = new(1);

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await Database.ExecuteSqlRawAsync(ReadWhileWriting, cancellationToken);
        if (!(await Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            return;
        if (await Database.SqlQueryRaw<int>(HasLockTable).SingleAsync(cancellationToken) > 0)
            await Database.ExecuteSqlRawAsync(ForgetLeftLock, cancellationToken);
        await Database.MigrateAsync(cancellationToken);
    }

    private protected override string Given(IEnumerable<string> columns) =>
        $"(SELECT {string.Join(", ", columns.Select(column => $"@{column} AS {column}"))}, 1 AS place) AS given";

    private protected override async Task<(int Stored, string? Answer)> StoreAsync(
        Upsert upsert, IReadOnlyList<object> rows, CancellationToken cancellationToken)
    {
        await Turn.WaitAsync(cancellationToken);
        try
        {
            await Database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await Database.GetDbConnection().BeginTransactionAsync(cancellationToken);
            await using var command = transaction.Connection!.CreateCommand();
            command.Transaction = transaction;
            var answer = await AnswerAsync(command, upsert.Rules.Answers, cancellationToken);
            var stored = await StoreEachAsync(command, upsert, rows, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return (stored, answer);
        }
        finally
        {
            Turn.Release();
        }
    }

    private static async Task<string?> AnswerAsync(DbCommand command, string? query, CancellationToken cancellationToken)
    {
        command.CommandText = query;
        return query is null ? null : (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<int> StoreEachAsync(
        DbCommand command, Upsert upsert, IReadOnlyList<object> rows, CancellationToken cancellationToken)
    {
        command.CommandText = upsert.Sql;
        var parameters = upsert.Columns.Select(column => AddParameter(command, column)).ToList();
        var stored = 0;
        foreach (var row in rows)
        {
            for (var i = 0; i < parameters.Count; i++)
                parameters[i].Value = upsert.Columns[i].GetGetter().GetClrValue(row) ?? DBNull.Value;
            stored += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return stored;
    }

    private static DbParameter AddParameter(DbCommand command, IProperty column)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = column.GetColumnName();
        command.Parameters.Add(parameter);
        return parameter;
    }
}
