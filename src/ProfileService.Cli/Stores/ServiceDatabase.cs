using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ProfileService.Cli.CommandLine;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Cli.Stores;

/// <summary>Opens a service's database directly, whether or not the service runs.</summary>
internal static class ServiceDatabase
{
    private const string Failure = "The database cannot be used";
    private const string NoTables = "It does not have the tables of this version. Give this command the settings of the service, or run "
        + "ProfileService --migrate-only of this version first.";

    /// <summary>Opens the database, and passes it to the work.</summary>
    /// <param name="mayCreate">Whether to make or change the tables where that is needed, as for the first key of a service.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> UseAsync(
        string[] settings,
        Func<IDbContextFactory<ProfileDbContext>, CancellationToken, Task<int>> work,
        bool mayCreate,
        CancellationToken cancellationToken) =>
        ServiceParts.UseAsync(settings, Failure, AddDatabase, mayCreate: mayCreate, work: async services =>
        {
            if (!mayCreate)
                CheckIsThere(services);
            var contexts = services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();
            await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
            {
                if (mayCreate)
                    await db.MigrateAsync(cancellationToken);
                else if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
                    throw new CommandException(NoTables);
            }

            return await work(contexts, cancellationToken);
        });

    // Takes no lock on the folder: that guards the windows. SQLite orders the writers of this file.
    private static void AddDatabase(WebApplicationBuilder builder)
    {
        if (builder.UsesPostgres())
            builder.AddProfiles();
        else
            builder.Services.AddSqliteProfiles(services => DataOf(services).File(StoredFiles.Profiles));
    }

    private static void CheckIsThere(IServiceProvider services)
    {
        // Asks whether it is registered: making it makes the folder.
        if (services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IDbContextFactory<SqliteProfileDbContext>))
            && !DataOf(services).Has(StoredFiles.Profiles))
        {
            throw new CommandException(
                $"There is no {StoredFiles.Profiles} in {DataOf(services).Directory}. Give this command the settings of the service.");
        }
    }

    private static DataOptions DataOf(IServiceProvider services) => services.GetRequiredService<IOptions<DataOptions>>().Value;
}
