using Npgsql;

namespace ProfileService.Platform;

/// <summary>Opens the process's connection pool to Postgres.</summary>
internal static class PostgresConnection
{
    public const string Name = "Postgres";

    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 10;
    private const int PreparedStatements = 20; // kept by each session; a refresh and a lookup have fewer

    /// <param name="connectionString">
    /// In the format of Npgsql. Timeouts that it does not set get short defaults, so that an unresponsive server blocks callers only
    /// briefly.
    /// </param>
    public static NpgsqlDataSource Open(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var bounded = new NpgsqlConnectionStringBuilder(connectionString);
        if (!given.ShouldSerialize("Timeout"))
            bounded.Timeout = ConnectSeconds;
        if (!given.ShouldSerialize("Command Timeout"))
            bounded.CommandTimeout = CommandSeconds;
        if (!given.ShouldSerialize("No Reset On Close"))
            // No session state is left behind, and a pooler may switch sessions between the reset and the query.
            bounded.NoResetOnClose = true;
        if (!given.ShouldSerialize("GSS Encryption Mode"))
            bounded.GssEncryptionMode = GssEncryptionMode.Disable; // otherwise each start logs that no Kerberos library was found
        bounded.ApplicationName ??= ProfileMetrics.Name;
        if (!given.ShouldSerialize("Max Auto Prepare") && IsDirect(bounded))
            bounded.MaxAutoPrepare = PreparedStatements;
        return NpgsqlDataSource.Create(bounded);
    }

    /// <summary>
    /// Whether the server's session is this client's alone, so that statements may be prepared in it. A pooler, which may lend another
    /// session to each transaction, names none of the server's processes to its clients. False if the server cannot be asked.
    /// </summary>
    private static bool IsDirect(NpgsqlConnectionStringBuilder settings)
    {
        try
        {
            var alone = new NpgsqlConnectionStringBuilder(settings.ToString()) { Pooling = false };
            using var connection = new NpgsqlConnection(alone.ToString());
            connection.Open();
            using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
            return command.ExecuteScalar() is int process && process == connection.ProcessID;
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return false;
        }
    }
}
