using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using ProfileService.Model;
using ProfileService.Platform;
using SQLitePCL;
using StackExchange.Redis;

namespace ProfileService.Host;

/// <summary>Explains a failed start in plain text instead of a stack trace.</summary>
internal static class StartFailure
{
    private const int ExitCode = 1;

    /// <summary>
    /// Returns 0 if the service ran until it was asked to stop; 1 if settings, a store, the model package or an address prevented the
    /// start.
    /// </summary>
    public static async Task<int> OrExplainAsync(Func<Task> run)
    {
        if (FileDescriptors.Shortage() is { } shortage)
            return await TellAsync([shortage, FileDescriptors.Advice]);
        try
        {
            await run();
            return 0;
        }
        catch (Exception e) when (Explain(e) is { } lines)
        {
            return await TellAsync(lines);
        }
    }

    /// <summary>
    /// Reports all wrong settings at once. The server reads its settings when it is created, and would report only those. Therefore the
    /// check uses a separate service provider. It is not disposed of, because that would dispose of the configuration.
    /// </summary>
    public static void CheckSettings(this WebApplicationBuilder builder) =>
        new DefaultServiceProviderFactory().CreateServiceProvider(builder.Services).GetRequiredService<IStartupValidator>().Validate();

    /// <summary>Explains a failure that settings or servers cause; returns null for any other.</summary>
    public static IEnumerable<string>? Explain(Exception e) => e switch
    {
        OptionsValidationException wrong => wrong.Failures,
        AggregateException all when all.InnerExceptions.All(i => i is OptionsValidationException) =>
            all.InnerExceptions.SelectMany(i => Explain(i)!),
        PackageRefusedException => [e.Message],
        ListenException listen => listen.Advice is { } advice ? [listen.Message, advice] : [listen.Message],
        RedisConnectionException { InnerException: AuthenticationException refused } =>
        [
            $"Redis's certificate is refused: {refused.Message}",
            "It must have the host name in ConnectionStrings:Redis, or sslHost, and come from an authority that the machine trusts, "
                + "or one in the file of ConnectionStrings:RedisRootCertificate.",
        ],
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } =>
            ["Redis refuses the user or the password of ConnectionStrings:Redis."],
        RedisConnectionException =>
        [
            "Redis cannot be used: no server in ConnectionStrings:Redis responds.",
            "Check that it runs and is reachable, or remove the setting to use SQLite. "
                + "For a server that takes TLS alone, the setting needs ssl=true; for one that takes none, it must not say so.",
        ],
        RedisException or RedisTimeoutException =>
        [
            $"Redis cannot be used: {e.Message}",
            "Check that it runs and that ConnectionStrings:Redis is correct, or remove the setting to use SQLite.",
        ],
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } missing =>
        [
            $"A table is missing in Postgres: {missing.MessageText}.",
            "Start the service once with these settings, or run it with --migrate-only.",
        ],
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
        [
            $"Postgres does not allow it: {refused.MessageText}.",
            "Run --migrate-only as the role that owns the tables, then deploy/postgres/grants.sql, or name another role in "
                + "ConnectionStrings:Postgres.",
        ],
        NpgsqlException { InnerException: AuthenticationException refused } =>
        [
            $"Postgres's certificate is refused: {refused.Message}",
            "It must have the host name in ConnectionStrings:Postgres, and come from an authority that the machine trusts, or from the one "
                + "in the file that Root Certificate names there.",
        ],
        DbUpdateException { InnerException: { } cause } => Explain(cause),
        NpgsqlException or SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
        [
            $"Postgres cannot be used: {e.Message}",
            "Check that it runs and that ConnectionStrings:Postgres names an accessible database, or remove the setting to use SQLite.",
        ],
        TimeoutException or SocketException =>
        [
            $"A server cannot be used: {e.Message}",
            "Check that those which the settings name run and are reachable.",
        ],
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } =>
        [
            $"A store under Data:Directory cannot be opened: {e.Message}",
            "Another program has the file locked. End it, and start the service again.",
        ],
        SqliteException { SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_IOERR } =>
        [
            $"A store under Data:Directory cannot be opened: {e.Message}",
            "The disk is full, or fails. Make room, or name another folder.",
        ],
        SqliteException { SqliteErrorCode: raw.SQLITE_READONLY or raw.SQLITE_PERM } =>
        [
            $"{StoredFiles.Profiles} or {StoredFiles.Windows} under Data:Directory cannot be written: {e.Message}",
            "Check that the account that runs the service may write both files and their folder.",
        ],
        DbException =>
        [
            $"A store under Data:Directory cannot be opened: {e.Message}",
            "Check that the folder is writable and its files are intact, or name another folder.",
        ],
        IOException or UnauthorizedAccessException => [e.Message, "Check that the account that runs the service may read and write there."],
        InvalidOperationException when e.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            [$"A setting cannot be read: {e.Message}"],
        _ => null,
    };

    private static async Task<int> TellAsync(IEnumerable<string> lines)
    {
        await Console.Error.WriteLineAsync("The service cannot start:");
        foreach (var line in lines)
            await Console.Error.WriteLineAsync($"  {line}");
        return ExitCode;
    }
}
