using Microsoft.Extensions.Options;
using Npgsql;

namespace ProfileService.Events;

/// <summary>
/// The days of the archive, each a partition of its table. Also where this process does not archive: what was archived before has its
/// retention, and is erased and exported.
/// </summary>
internal sealed class ArchiveDays(NpgsqlDataSource postgres, IOptions<EventOptions> options, TimeProvider time)
{
    private const int LongestPause = 30; // days

    /// <summary>The days that have a partition, oldest first; none if there is no archive.</summary>
    public async Task<IReadOnlyList<DateOnly>> FindAsync(CancellationToken cancellationToken)
    {
        var days = new List<DateOnly>();
        await using var exists = postgres.CreateCommand(EventArchiveSchema.Exists);
        if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
            return days;
        await using var command = postgres.CreateCommand(EventArchiveSchema.Days);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            days.Add(EventArchiveSchema.DayOf(rows.GetString(0)));
        return days;
    }

    /// <summary>
    /// Whether the days are this process's to look after: it archives, or nobody has for 30 days. Who archives, and may pause, has a
    /// retention of its own, which may be longer.
    /// </summary>
    public async Task<bool> AreOwnAsync(CancellationToken cancellationToken) =>
        options.Value.Archive != ArchiveStore.None
        || (await FindAsync(cancellationToken) is [.., var newest] && newest < DayOf(time.GetUtcNow()).AddDays(-LongestPause));

    /// <summary>Drops the days that are older than <see cref="EventOptions.ArchiveRetention"/>, and returns them.</summary>
    public async Task<IReadOnlyList<DateOnly>> DropOldAsync(CancellationToken cancellationToken)
    {
        var first = DayOf(time.GetUtcNow() - options.Value.ArchiveRetention);
        var old = (await FindAsync(cancellationToken)).Where(day => day < first).ToList();
        foreach (var day in old)
        {
            await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, EventArchiveSchema.Lock, cancellationToken);
            await ExecuteAsync(connection, EventArchiveSchema.DropDay(day), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return old;
    }

    /// <summary>Indexes the days that have no index by user, or half of one, and returns them.</summary>
    public async Task<IReadOnlyList<DateOnly>> IndexAsync(CancellationToken cancellationToken)
    {
        var indexed = new List<DateOnly>();
        foreach (var day in await FindAsync(cancellationToken))
        {
            await using var asked = postgres.CreateCommand(EventArchiveSchema.HasIndex(day));
            var hasIndex = (bool?)await asked.ExecuteScalarAsync(cancellationToken);
            if (hasIndex == true)
                continue;
            if (hasIndex == false)
                await ExecuteAsync(EventArchiveSchema.DropIndex(day), cancellationToken);
            await ExecuteAsync(EventArchiveSchema.CreateIndex(day), cancellationToken);
            indexed.Add(day);
        }

        return indexed;
    }

    /// <summary>Outside a transaction, however long it takes.</summary>
    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}
