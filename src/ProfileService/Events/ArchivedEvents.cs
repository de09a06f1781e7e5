using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;

namespace ProfileService.Events;

/// <summary>
/// A person's archived events as they were at one moment: a cursor in a transaction, which ends when this is disposed of. What is archived,
/// erased or dropped meanwhile changes nothing here.
/// </summary>
internal sealed class ArchivedEvents : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private ArchivedEvents(NpgsqlConnection connection, NpgsqlTransaction transaction, long count) =>
        (_connection, _transaction, Count) = (connection, transaction, count);

    public long Count { get; }

    /// <param name="connection">Is closed when this is disposed of.</param>
    public static async Task<ArchivedEvents> OpenAsync(
        NpgsqlConnection connection, IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var count = Of(connection, EventArchiveSchema.CountOfUser, userIds);
        var events = new ArchivedEvents(connection, transaction, (long)(await count.ExecuteScalarAsync(cancellationToken))!);
        await using var declare = Of(connection, EventArchiveSchema.DeclareOfUser, userIds);
        await declare.ExecuteNonQueryAsync(cancellationToken);
        return events;
    }

    /// <summary>The events in the order in which they were archived, read page by page.</summary>
    public async IAsyncEnumerable<ArchivedEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var isMore = true; isMore;)
        {
            isMore = false;
            await using var fetch = new NpgsqlCommand(EventArchiveSchema.FetchOfUser, _connection) { CommandTimeout = 0 };
            await using var rows = await fetch.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                isMore = true;
                yield return new ArchivedEvent(rows.GetDateTime(0), UserEvent.From(EventArchive.Read(rows, first: 1)));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static NpgsqlCommand Of(NpgsqlConnection connection, string sql, IReadOnlyList<string> userIds) => new(sql, connection)
    {
        CommandTimeout = 0, // days that have no index yet are read as a whole
        Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. userIds] } },
    };
}

/// <summary>An event of the archive.</summary>
internal sealed record ArchivedEvent(DateTime ArchivedAt, UserEvent Event);
