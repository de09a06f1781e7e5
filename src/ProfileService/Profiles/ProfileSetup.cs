using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using ProfileService.Platform;
using ProfileService.Platform.Settings;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Profiles;

internal static class ProfileSetup
{
    public static WebApplicationBuilder AddProfiles(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<ProfileOptions>();
        if (builder.UsesPostgres())
            builder.Services.AddPostgresProfiles();
        else
            builder.Services.AddSqliteProfiles(services => services.GetRequiredService<StoredFiles>().File(StoredFiles.Profiles));
        if (builder.UsesRedis())
            builder.Services.AddSingleton<ProfileCache>();
        builder.Services.AddSingleton<SchemaStart>();
        if (!builder.UsesPostgres() && !builder.UsesRedis())
            builder.Services.AddStoredPair();
        builder.Services.AddSingleton<ProfileHealth>().AddHealthChecks().AddCheck<ProfileHealth>("profiles", tags: [HealthTag.Ready]);
        builder.Services.AddSingleton<StoredFeed>().AddSingleton<UserDirectory>();
        return builder;
    }

    public static IServiceCollection AddSqliteProfiles(this IServiceCollection services, Func<IServiceProvider, string> file) => services
        .AddPooledDbContextFactory<SqliteProfileDbContext>((provider, options) =>
            WithoutLookAtModel(options).UseSqlite(new SqliteConnectionStringBuilder { DataSource = file(provider) }.ToString())
                .AddInterceptors(new SecureDelete(), new OneWriter()))
        .AddStore<SqliteProfileDbContext>();

    /// <summary>Needs an <see cref="NpgsqlDataSource"/>.</summary>
    public static IServiceCollection AddPostgresProfiles(this IServiceCollection services) => services
        .AddPooledDbContextFactory<PostgresProfileDbContext>((provider, options) => WithoutLookAtModel(options)
            .ConfigureWarnings(w => w.Ignore(RelationalEventId.MigrationsUserTransactionWarning)) // the transaction must hold the lock, too
            .UseNpgsql(
                provider.GetRequiredService<NpgsqlDataSource>(),
                // The default strategy would wrap exceptions.
                postgres => postgres.ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies))))
        .AddStore<PostgresProfileDbContext>();

    // That the migrations describe the tables is a test's matter; to ask at each first start would take a tenth of a second.
    private static DbContextOptionsBuilder WithoutLookAtModel(DbContextOptionsBuilder options) =>
        options.ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning));

    private static void AddStoredPair(this IServiceCollection services) => services
        .AddSingleton<StoredPairStart>()
        .AddHealthChecks().AddCheck<StoredPairHealth>("files", tags: [HealthTag.Ready]);

    private static IServiceCollection AddStore<T>(this IServiceCollection services)
        where T : ProfileDbContext => services
        .AddSingleton<IDbContextFactory<ProfileDbContext>, ProfileDbContextFactory<T>>()
        .AddUserChanges()
        .AddSingleton<ProfileStore>();
}
