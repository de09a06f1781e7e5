using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.TestServers.Common;

namespace ProfileService.TestServers.Postgres;

/// <summary>The roles of deploy/postgres, so that a statement that the running service may not send fails a test.</summary>
internal static class PostgresRoles
{
    private const string Superuser = "postgres";
    private const string Owner = "profiles_owner";
    private const string Service = "profiles_service";
    private const string Patient = ";Timeout=60;Command Timeout=0"; // what a test prepares is done, however slow the machine is

    /// <summary>The database as one who may everything sees it.</summary>
    public static string AsSuperuser(string database) => As(Superuser, database);

    /// <summary>The database as the role of <c>--migrate-only</c> sees it.</summary>
    public static string AsOwner(string database) => As(Owner, database);

    /// <summary>The database as the running service sees it.</summary>
    public static string AsService(string database) => As(Service, database);

    /// <summary>Runs roles.sql.</summary>
    public static Task MakeAsync(string database) => RunFileAsync(AsSuperuser(database), "roles.sql");

    /// <summary>Migrates as the owner and runs grants.sql.</summary>
    public static async Task MigrateAsync(string database)
    {
        await using (var services = Services(AsOwner(database) + Patient))
        {
            await using var db = await services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync();
            await db.MigrateAsync(CancellationToken.None);
        }

        await GrantAsync(database);
    }

    /// <summary>The tables as the service's code sees them.</summary>
    public static ServiceProvider Services(string database) =>
        new ServiceCollection().AddSingleton(_ => PostgresConnection.Open(database)).AddPostgresProfiles().BuildServiceProvider();

    /// <summary>Runs grants.sql.</summary>
    public static Task GrantAsync(string database) => RunFileAsync(AsOwner(database), "grants.sql");

    /// <summary>Does to a database what the running service may not.</summary>
    public static Task ExecuteAsync(string database, string sql) => RunAsync(AsSuperuser(database), sql);

    private static async Task RunFileAsync(string database, string file) =>
        await RunAsync(database, await File.ReadAllTextAsync(Repository.Path($"deploy/postgres/{file}")));

    private static async Task RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection($"{database};Pooling=false{Patient}");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string As(string role, string database) => new NpgsqlConnectionStringBuilder(database) { Username = role }.ToString();
}
