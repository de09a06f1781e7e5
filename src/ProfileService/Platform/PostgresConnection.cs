using Npgsql;

namespace ProfileService.Platform;

/// <summary>Opens the process's connection pool to Postgres.</summary>
internal static class PostgresConnection
{
    public const string Name = "Postgres";

    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 10;

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
        return NpgsqlDataSource.Create(bounded);
    }
}
