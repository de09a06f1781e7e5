using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using ProfileService.Hosting;

namespace ProfileService.Profiles;

internal static class ProfileSetup
{
    private const string Postgres = "Postgres";

    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 10;
    private const int PreparedStatements = 20;

    public static WebApplicationBuilder AddProfiles(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<ProfileOptions>("Profiles");
        if (builder.Configuration.GetConnectionString(Postgres) is { Length: > 0 } postgres)
            builder.Services.AddPostgresProfiles(postgres);
        else
            builder.Services.AddSqliteProfiles(services => services.GetRequiredService<IOptions<DataOptions>>().Value.File("profiles.db"));
        if (!string.IsNullOrEmpty(builder.Configuration.GetConnectionString(RedisConnection.Name)))
            builder.Services.AddSingleton<ProfileCache>();
        builder.Services.AddHostedService<ProfileMigration>();
        builder.Services.AddHealthChecks().AddCheck<ProfileHealth>("profiles", tags: [HealthApi.Ready]);
        return builder;
    }

    public static IServiceCollection AddSqliteProfiles(this IServiceCollection services, Func<IServiceProvider, string> file) => services
        .AddPooledDbContextFactory<SqliteProfileDbContext>((provider, options) =>
            options.UseSqlite(new SqliteConnectionStringBuilder { DataSource = file(provider) }.ToString()))
        .AddStore<SqliteProfileDbContext>();

    public static IServiceCollection AddPostgresProfiles(this IServiceCollection services, string connectionString) => services
        .AddPooledDbContextFactory<PostgresProfileDbContext>((_, options) => options.UseNpgsql(Bounded(connectionString)))
        .AddStore<PostgresProfileDbContext>();

    private static IServiceCollection AddStore<T>(this IServiceCollection services)
        where T : ProfileDbContext => services
        .AddSingleton<IDbContextFactory<ProfileDbContext>, ProfileDbContextFactory<T>>()
        .AddSingleton<ProfileStore>();

    /// <summary>What the connection string leaves open is set so that a server that does not answer holds nobody up for long.</summary>
    private static string Bounded(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var bounded = new NpgsqlConnectionStringBuilder(connectionString);
        if (!given.ShouldSerialize(nameof(given.Timeout)))
            bounded.Timeout = ConnectSeconds;
        if (!given.ShouldSerialize("Command Timeout"))
            bounded.CommandTimeout = CommandSeconds;
        if (!given.ShouldSerialize("Max Auto Prepare"))
            bounded.MaxAutoPrepare = PreparedStatements;
        bounded.ApplicationName ??= ProfileMetrics.Name;
        return bounded.ToString();
    }
}
