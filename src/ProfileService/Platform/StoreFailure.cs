using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SQLitePCL;
using StackExchange.Redis;

namespace ProfileService.Platform;

/// <summary>
/// Recognises exceptions that mean that a store is unavailable, full or read-only. The caller may then use another source, or try again
/// later.
/// </summary>
internal static class StoreFailure
{
    private static readonly string[] RefusalsOfRedis = ["OOM", "READONLY", "NOPERM", "NOAUTH", "MISCONF", "NOREPLICAS"];

    public static bool Is(Exception e) =>
        CauseOf(e) is var cause && (IsOfRedis(cause) || cause is DbException or IOException or SocketException)
        && !(e is DbUpdateException && IsOfValue(cause));

    /// <summary>What the store raised: EF Core wraps it while it saves changes. Otherwise the same exception.</summary>
    public static Exception CauseOf(Exception e) => e is DbUpdateException { InnerException: { } cause } ? cause : e;

    // A value that does not fit a column, or a rule of a table: the fault is this program's.
    private static bool IsOfValue(Exception cause) => cause switch
    {
        PostgresException postgres => postgres.SqlState.StartsWith("22", StringComparison.Ordinal)
            || postgres.SqlState.StartsWith("23", StringComparison.Ordinal),
        SqliteException sqlite => sqlite.SqliteErrorCode is raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG,
        _ => false,
    };

    /// <summary>
    /// Whether a call to Redis failed because of the server. The client raises RedisCommandException if no server can accept the command,
    /// for example after a failover.
    /// </summary>
    public static bool IsOfRedis(Exception e) => e is RedisException or RedisCommandException or TimeoutException;

    /// <summary>
    /// Whether the store answered, and refuses: it is full, read-only or damaged, or does not permit it. Trying again alone
    /// does not help.
    /// </summary>
    public static bool IsRefusal(Exception e) => Is(e) && CauseOf(e) switch
    {
        RedisServerException redis => RefusalsOfRedis.Any(code => redis.Message.Contains($"{code} ", StringComparison.Ordinal)),
        SqliteException sqlite => sqlite.SqliteErrorCode is not (raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_INTERRUPT),
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.DiskFull or PostgresErrorCodes.ReadOnlySqlTransaction
            or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted,
        _ => false,
    };
}
