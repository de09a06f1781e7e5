using System.Runtime.CompilerServices;
using Npgsql;

namespace ProfileService.Events;

/// <summary>Deletes users' events from the archive, also if this process does not archive.</summary>
internal sealed class ArchiveEraser(NpgsqlDataSource postgres)
{
    /// <summary>Deletes the events of users that <see cref="ArchivedUser"/> describes; returns how many there were.</summary>
    public async Task<int> DeleteAsync(IReadOnlyList<ArchivedUser> users, DateTime archivedBefore, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await using var exists = new NpgsqlCommand(EventArchiveSchema.Exists, connection);
        if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
            return 0;
        await using var command = new NpgsqlCommand(EventArchiveSchema.Delete, connection)
        {
            CommandTimeout = 0, // days that have no index yet are read as a whole
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. users.Select(u => u.UserId)] },
                new NpgsqlParameter<long[]> { TypedValue = [.. users.Select(u => u.ErasedBefore)] },
                new NpgsqlParameter<DateTime> { TypedValue = archivedBefore },
            },
        };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The ids of all users that have archived events. Postgres reads all of the archive.</summary>
    public async IAsyncEnumerable<string> ReadUsersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await using var exists = new NpgsqlCommand(EventArchiveSchema.Exists, connection);
        if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
            yield break;
        await using var command = new NpgsqlCommand(EventArchiveSchema.Users, connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            yield return rows.GetString(0);
    }
}

/// <summary>A user whose events are to be deleted.</summary>
/// <param name="ErasedBefore">Events with this timestamp, µs, or an earlier one go.</param>
internal readonly record struct ArchivedUser(string UserId, long ErasedBefore);
