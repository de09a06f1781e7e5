using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Events;

/// <summary>
/// Archive of all accepted events in Postgres, from which windows can be rebuilt after a loss of Redis. Events are archived before they are
/// added to windows, so that the archive contains every event of every window. An event that is sent twice is archived twice.
/// </summary>
internal sealed class EventArchive(NpgsqlDataSource postgres, ArchiveLedger ledger, TimeProvider time) : IDisposable
{
    // Microseconds from the Unix epoch to the Postgres epoch, 2000-01-01. Timestamps are written as integers, so that any value is allowed.
    private const long PostgresEpoch = 946_684_800_000_000;

    private const string Probe = "probe"; // texts of the event that a probe writes, and its savepoint

    private readonly SemaphoreSlim _turn = new(1);
    private DateOnly _day; // the day whose partition is known to exist

    /// <summary>Stores the events but for those from before an erasure. After it returns, they survive a crash.</summary>
    public Task AppendAsync(IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken) => InOpenDayAsync(async now =>
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await CopyAsync(connection, await ledger.AllowAsync(connection, events, cancellationToken), now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }, cancellationToken);

    /// <summary>
    /// Checks that an append would succeed: writes an event, rolls it back and commits, which waits for the disk.
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

    /// <summary>Writes to today's partition. Creates it and writes again if it was dropped meanwhile, for example by a restore.</summary>
    private async Task InOpenDayAsync(Func<DateTime, Task> write, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var day = DateOnly.FromDateTime(now);
        await OpenDayAsync(day, cancellationToken);
        try
        {
            await write(now);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CheckViolation) // there is no partition for a row
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

    /// <summary>
    /// Every event, in any order, of the persons of whom something came since a time: an event, attributes, or another id of theirs.
    /// </summary>
    public IAsyncEnumerable<WindowEvent> ReadAsync(DateTime since, CancellationToken cancellationToken) =>
        ReadAsync(Command(EventArchiveSchema.ReadSince, since), cancellationToken);

    /// <summary>The number of events that <see cref="ReadAsync(DateTime, CancellationToken)"/> reads.</summary>
    public async Task<long> CountAsync(DateTime since, CancellationToken cancellationToken)
    {
        await using var command = Command(EventArchiveSchema.CountSince, since);
        command.CommandTimeout = 0;
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// Every event once, in the version that its window keeps (<see cref="Window"/>); a user's one after the other, the oldest first.
    /// </summary>
    /// <param name="isAllowed">
    /// Whether events of an id are read. Asked for the person, and for the id under which an event was archived: a merge may be so recent
    /// that the person is not known yet to refuse what the alias refused.
    /// </param>
    public async IAsyncEnumerable<WindowEvent> ReadOnceAsync(
        Func<string, bool> isAllowed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        WindowEvent? kept = null;
        await foreach (var e in ReadAsync(postgres.CreateCommand(EventArchiveSchema.ReadNewest), IsAllowed, cancellationToken))
        {
            if (kept is not null && kept.UserId == e.UserId && kept.IsSameEventAs(e))
            {
                kept = WindowCodec.CompareVersions(e, kept) > 0 ? e : kept;
                continue;
            }

            if (kept is not null)
                yield return kept;
            kept = e;
        }

        if (kept is not null)
            yield return kept;

        bool IsAllowed(NpgsqlDataReader rows)
        {
            var (person, archived) = (rows.GetString(0), rows.GetString(8));
            return isAllowed(person) && (archived == person || isAllowed(archived));
        }
    }

    /// <summary>Every event of these users, in any order.</summary>
    public IAsyncEnumerable<WindowEvent> ReadAsync(IReadOnlyCollection<string> userIds, CancellationToken cancellationToken)
    {
        var command = postgres.CreateCommand(EventArchiveSchema.ReadOfUsers);
        command.Parameters.Add(new NpgsqlParameter { Value = userIds.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        return ReadAsync(command, cancellationToken);
    }

    private static IAsyncEnumerable<WindowEvent> ReadAsync(NpgsqlCommand read, CancellationToken cancellationToken) =>
        ReadAsync(read, _ => true, cancellationToken);

    private static async IAsyncEnumerable<WindowEvent> ReadAsync(
        NpgsqlCommand read, Func<NpgsqlDataReader, bool> isRead, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = read;
        command.CommandTimeout = 0; // no timeout
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            if (isRead(rows))
                yield return Read(rows, first: 0);
        }
    }

    /// <summary>The event at a reader's row.</summary>
    /// <param name="first">Index of the first of the event's columns.</param>
    public static WindowEvent Read(NpgsqlDataReader rows, int first) => new(
        rows.GetString(first),
        rows.GetString(first + 2),
        rows.GetString(first + 3),
        rows.GetFieldValue<long>(first + 4) + PostgresEpoch,
        rows.IsDBNull(first + 1) ? null : rows.GetString(first + 1),
        rows.IsDBNull(first + 5) ? null : rows.GetFieldValue<string[]>(first + 5),
        rows.IsDBNull(first + 6) ? null : rows.GetDouble(first + 6),
        rows.IsDBNull(first + 7) ? null : rows.GetString(first + 7));

    /// <summary>Creates the table and today's partition if they are missing.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) =>
        OpenDayAsync(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), cancellationToken);

    public void Dispose() => _turn.Dispose();

    /// <summary>Creates the partition of a day if it is missing.</summary>
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
            await ExecuteAsync(connection, OwnSchema.Use, cancellationToken);
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

    private NpgsqlCommand Command(string sql, DateTime since)
    {
        var command = postgres.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = since, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return command;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
