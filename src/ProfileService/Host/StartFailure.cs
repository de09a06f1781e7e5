using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Npgsql;
using ProfileService.Model;
using StackExchange.Redis;

namespace ProfileService.Host;

/// <summary>A start that fails says why in plain lines, not in a stack trace.</summary>
internal static class StartFailure
{
    private const int ExitCode = 1;

    /// <summary>0 where the service ran until it was asked to stop; 1 where settings, a store, the model package or an address stop the start.</summary>
    public static async Task<int> OrExplainAsync(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (Exception e) when (Explain(e) is { } lines)
        {
            await Console.Error.WriteLineAsync("The service cannot start:");
            foreach (var line in lines)
                await Console.Error.WriteLineAsync($"  {line}");
            return ExitCode;
        }
    }

    /// <summary>
    /// Names every wrong setting at once. The server reads its own already when it is made, and would name no others; hence services of their own, which
    /// are not disposed of, for the configuration would go with them.
    /// </summary>
    public static void CheckSettings(this WebApplicationBuilder builder) =>
        new DefaultServiceProviderFactory().CreateServiceProvider(builder.Services).GetRequiredService<IStartupValidator>().Validate();

    /// <summary>What a person needs to know of a failure that settings or servers cause; null for any other.</summary>
    public static IEnumerable<string>? Explain(Exception e) => e switch
    {
        OptionsValidationException wrong => wrong.Failures,
        AggregateException all when all.InnerExceptions.All(i => i is OptionsValidationException) => all.InnerExceptions.SelectMany(i => Explain(i)!),
        PackageRefusedException => [e.Message],
        ListenException listen => [listen.Message, "Change urls (ASPNETCORE_URLS or --urls), ASPNETCORE_HTTP_PORTS or the section Kestrel, or stop what listens there."],
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => ["Redis refuses the user or the password of ConnectionStrings:Redis."],
        RedisConnectionException => ["Redis cannot be used: no server that ConnectionStrings:Redis names answers.", "See that it runs and can be reached, or leave the setting out for SQLite."],
        RedisException or TimeoutException => [$"Redis cannot be used: {e.Message}", "See that it runs and that ConnectionStrings:Redis names it, or leave the setting out for SQLite."],
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } missing => [$"A table is missing in Postgres: {missing.MessageText}.", "Start the service once with these settings, or run it with --migrate-only."],
        NpgsqlException or SocketException => [$"Postgres cannot be used: {e.Message}", "See that it runs and that ConnectionStrings:Postgres names a database that may be used, or leave the setting out for SQLite."],
        DbException => [$"A store under Data:Directory cannot be opened: {e.Message}", "See that the folder can be written, and that its files are whole; or name another folder."],
        IOException or UnauthorizedAccessException => [e.Message, "See that the account that runs the service may read and write there."],
        InvalidOperationException when e.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) => [$"A setting cannot be read: {e.Message}"],
        _ => null,
    };
}
