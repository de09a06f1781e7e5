using Npgsql;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>
/// Keeps events from before an erasure out of the archive. It asks the ledger in the transaction of the append, under a lock that an
/// erasure waits for. As long as nobody was erased, it only asks whether anybody was.
/// </summary>
internal sealed class ArchiveLedger(UserHash hashes)
{
    private const string IsAnyErased = "SELECT EXISTS (SELECT 1 FROM erased_users)";
    private const string Find = "SELECT user_hash, erased_before FROM erased_users WHERE user_hash = ANY ($1)";

    private volatile bool _isAnyErased; // once true, it stays so

    /// <summary>The events that may be archived.</summary>
    public async Task<IReadOnlyList<WindowEvent>> AllowAsync(
        NpgsqlConnection connection, IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken)
    {
        if (!_isAnyErased && !await AskAsync(connection, new NpgsqlBatchCommand(IsAnyErased), ReadIsAnyErasedAsync, cancellationToken))
            return events;
        _isAnyErased = true;
        var userIds = events.Select(e => e.UserId).Distinct().ToDictionary(hashes.Of, id => id);
        var find = new NpgsqlBatchCommand(Find) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. userIds.Keys] } } };
        var erased = await AskAsync(connection, find, ReadErasedAsync, cancellationToken);
        if (erased.Count == 0)
            return events;
        var before = erased.ToDictionary(e => userIds[e.Hash], e => e.Before);
        return [.. events.Where(e => !before.TryGetValue(e.UserId, out var time) || e.Timestamp > time)];
    }

    /// <summary>Takes the lock and then asks, in one round trip.</summary>
    private static async Task<T> AskAsync<T>(
        NpgsqlConnection connection,
        NpgsqlBatchCommand question,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresProfileDbContext.ShareErasureLock));
        batch.BatchCommands.Add(question);
        await using var answer = await batch.ExecuteReaderAsync(cancellationToken);
        await answer.NextResultAsync(cancellationToken);
        return await read(answer, cancellationToken);
    }

    private static async Task<bool> ReadIsAnyErasedAsync(NpgsqlDataReader answer, CancellationToken cancellationToken) =>
        await answer.ReadAsync(cancellationToken) && answer.GetBoolean(0);

    private static async Task<List<(string Hash, long Before)>> ReadErasedAsync(
        NpgsqlDataReader answer, CancellationToken cancellationToken)
    {
        var erased = new List<(string, long)>();
        while (await answer.ReadAsync(cancellationToken))
            erased.Add((answer.GetString(0), answer.GetInt64(1)));
        return erased;
    }
}
