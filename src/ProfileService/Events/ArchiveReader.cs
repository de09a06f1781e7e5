using Npgsql;

namespace ProfileService.Events;

/// <summary>Reads the archived events of one person, also if this process does not archive.</summary>
internal sealed class ArchiveReader(NpgsqlDataSource postgres)
{
    /// <summary>The events under these ids as they are now; null if there is no archive.</summary>
    public async Task<ArchivedEvents?> OpenAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        var connection = await postgres.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var exists = new NpgsqlCommand(EventArchiveSchema.Exists, connection);
            if ((bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
                return await ArchivedEvents.OpenAsync(connection, userIds, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }
}
