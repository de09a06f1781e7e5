using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ProfileService.Storage;

/// <summary>Has SQLite overwrite with zeros what is deleted. A setting of each connection.</summary>
internal sealed class SecureDelete : DbConnectionInterceptor
{
    private const string Set = "PRAGMA secure_delete = ON";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Set;
        command.ExecuteNonQuery();
    }

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData); // SQLite works on the calling thread
        return Task.CompletedTask;
    }
}
