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
internal sealed class EventArchive(NpgsqlDataSource postgres, IOptions<EventOptions> options, TimeProvider time) : IDisposable
{
    // Microseconds from Unix's epoch to Postgres's, 2000-01-01: timestamps are written as they are, whatever their range.
    private const long PostgresEpoch = 946_684_800_000_000;

    private const string Probe = "probe"; // what a probe writes, and the point that it goes back to

    private readonly SemaphoreSlim _turn = new(1);
    private DateOnly _day; // whose partition is known to exist

    /// <summary>Stores the events; when it returns they survive a crash.</summary>
    public Task AppendAsync(IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken) => InOpenDayAsync(async now =>
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await CopyAsync(connection, events, now, cancellationToken);
    }, cancellationToken);

    /// <summary>
    /// Writes an event as an append does, takes it back and commits, which waits for the disk: fails where an append would.
    /// </summary>
    public Task ProbeAsync() => InOpenDayAsync(async now =>
    {
        await using var connection = await postgres.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await transaction.SaveAsync(Probe);
        var written = new WindowEvent(Probe, Probe, Probe, PostgresEpoch, null, null, null, null);
        await CopyAsync(connection, [written], now, CancellationToken.None);
        await transaction.RollbackAsync(Probe);
        await transaction.CommitAsync();
    }, CancellationToken.None);

    /// <summary>Writes into today's partition; once more where it has gone since it was opened, as after a restore.</summary>
    private async Task InOpenDayAsync(Func<DateTime, Task> write, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var day = DateOnly.FromDateTime(now);
        await OpenDayAsync(day, cancellationToken);
        try
        {
            await write(now);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CheckViolation) // no partition is found for a row
        {
            _day = default;
            await OpenDayAsync(day, cancellationToken);
            await write(now);
        }
    }

    private static async Task CopyAsync(
        NpgsqlConnection connection, IReadOnlyList<WindowEvent> events, DateTime now, CancellationToken cancellationToken)
    {
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
    public IAsyncEnumerable<WindowEvent> ReadAsync(CancellationToken cancellationToken) => ReadAsync(postgres.CreateCommand(EventArchiveSchema.Read), cancellationToken);

    /// <summary>Every event of these users, in any order. The archive has no index by user: all of it is read in Postgres.</summary>
    public IAsyncEnumerable<WindowEvent> ReadAsync(IReadOnlyCollection<string> userIds, CancellationToken cancellationToken)
    {
        var command = postgres.CreateCommand(EventArchiveSchema.ReadOfUsers);
        command.Parameters.Add(new NpgsqlParameter { Value = userIds.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        return ReadAsync(command, cancellationToken);
    }

    private static async IAsyncEnumerable<WindowEvent> ReadAsync(NpgsqlCommand read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = read;
        command.CommandTimeout = 0; // as long as it takes
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            yield return new WindowEvent(
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

    /// <summary>Drops the days that are older than <see cref="EventOptions.ArchiveRetention"/>; returns which.</summary>
    public async Task<IReadOnlyList<DateOnly>> DropOldAsync(CancellationToken cancellationToken)
    {
        var first = DateOnly.FromDateTime((time.GetUtcNow() - options.Value.ArchiveRetention).UtcDateTime);
        var old = (await FindDaysAsync(cancellationToken)).Where(day => day < first).ToList();
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

    /// <summary>The days that have a partition, the oldest first.</summary>
    public async Task<IReadOnlyList<DateOnly>> FindDaysAsync(CancellationToken cancellationToken)
    {
        var days = new List<DateOnly>();
        await using var command = postgres.CreateCommand(EventArchiveSchema.Days);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            days.Add(EventArchiveSchema.DayOf(rows.GetString(0)));
        return days;
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Sees to it that a day has its partition.</summary>
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
            await ExecuteAsync(connection, EventArchiveSchema.CreateDay(day), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            _day = day;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
