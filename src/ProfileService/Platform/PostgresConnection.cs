using Npgsql;

namespace ProfileService.Platform;

/// <summary>The process's connections to Postgres, pooled.</summary>
internal static class PostgresConnection
{
    public const string Name = "Postgres";

    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 10;

    /// <param name="connectionString">As Npgsql reads it. What it leaves open is set so that a server that does not answer holds nobody up for long.</param>
    public static NpgsqlDataSource Open(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var bounded = new NpgsqlConnectionStringBuilder(connectionString);
        if (!given.ShouldSerialize("Timeout"))
            bounded.Timeout = ConnectSeconds;
        if (!given.ShouldSerialize("Command Timeout"))
            bounded.CommandTimeout = CommandSeconds;
        if (!given.ShouldSerialize("No Reset On Close"))
            bounded.NoResetOnClose = true; // nothing is left in a session, and a pooler may lend it to another between the reset and what is asked
        if (!given.ShouldSerialize("GSS Encryption Mode"))
            bounded.GssEncryptionMode = GssEncryptionMode.Disable; // else each start looks for a Kerberos library, and says so where there is none
        bounded.ApplicationName ??= ProfileMetrics.Name;
        return NpgsqlDataSource.Create(bounded);
    }
}
