using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>
/// Every event taken in, in Postgres, from which the windows can be rebuilt after a loss of Redis. Written before the windows, so that
/// it holds whatever a window does; an event sent again is in it again.
/// </summary>
internal sealed partial class EventArchive(NpgsqlDataSource postgres, IOptions<EventOptions> options, TimeProvider time, ILogger<EventArchive> logger) : IDisposable
{
    // Microseconds from Unix's epoch to Postgres's, 2000-01-01: timestamps are written as they are, whatever their range.
    private const long PostgresEpoch = 946_684_800_000_000;

    private readonly SemaphoreSlim _turn = new(1);
    private DateOnly _day; // whose partition is known to exist

    /// <summary>Stores the events; when it returns they survive a crash.</summary>
    public async Task AppendAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await OpenDayAsync(DateOnly.FromDateTime(now), cancellationToken);
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await using var rows = await connection.BeginBinaryImportAsync(EventArchiveSchema.Copy, cancellationToken);
        foreach (var e in events)
        {
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(now, NpgsqlDbType.TimestampTz, cancellationToken);
            await rows.WriteAsync(e.UserId, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(e.GivenId, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(e.Kind, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(e.ItemId, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(e.Timestamp - PostgresEpoch, NpgsqlDbType.TimestampTz, cancellationToken);
            await rows.WriteAsync(e.Categories?.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(e.Value, NpgsqlDbType.Double, cancellationToken);
            await rows.WriteAsync(e.Text, NpgsqlDbType.Text, cancellationToken);
        }

        await rows.CompleteAsync(cancellationToken);
    }

    /// <summary>Every event of the archive, in any order.</summary>
    public async IAsyncEnumerable<UserEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand(EventArchiveSchema.Read);
        command.CommandTimeout = 0; // as long as it takes
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            yield return new UserEvent(
                rows.GetString(0), rows.GetString(2), rows.GetString(3), rows.GetFieldValue<long>(4) + PostgresEpoch,
                rows.IsDBNull(1) ? null : rows.GetString(1),
                rows.IsDBNull(5) ? null : rows.GetFieldValue<string[]>(5),
                rows.IsDBNull(6) ? null : rows.GetDouble(6),
                rows.IsDBNull(7) ? null : rows.GetString(7));
        }
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand(EventArchiveSchema.Count);
        command.CommandTimeout = 0;
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Makes the table and today's partition where they are missing.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => OpenDayAsync(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), cancellationToken);

    public void Dispose() => _turn.Dispose();

    /// <summary>Sees to it that a day has its partition, and drops those that are older than the retention.</summary>
    private async Task OpenDayAsync(DateOnly day, CancellationToken cancellationToken)
    {
        if (day == _day)
            return;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (day == _day)
                return;
            await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, EventArchiveSchema.Lock, cancellationToken);
            await ExecuteAsync(connection, EventArchiveSchema.Create, cancellationToken);
            foreach (var old in await FindDaysBeforeAsync(connection, day.AddDays(-(int)options.Value.ArchiveRetention.TotalDays), cancellationToken))
            {
                await ExecuteAsync(connection, EventArchiveSchema.DropDay(old), cancellationToken);
                LogDropped(old);
            }

            await ExecuteAsync(connection, EventArchiveSchema.CreateDay(day), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            _day = day;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static async Task<IReadOnlyList<DateOnly>> FindDaysBeforeAsync(NpgsqlConnection connection, DateOnly first, CancellationToken cancellationToken)
    {
        var days = new List<DateOnly>();
        await using var command = new NpgsqlCommand(EventArchiveSchema.Days, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            days.Add(EventArchiveSchema.DayOf(rows.GetString(0)));
        return [.. days.Where(d => d < first)];
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Dropped the archived events of {Day}, which are older than Events:ArchiveRetention")]
    private partial void LogDropped(DateOnly day);
}
