using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Cli;

/// <summary>Opens the record of a service, beside the service.</summary>
internal static class Record
{
    private const string Stopped = "The record cannot be used";

    /// <summary>Does the work with the record.</summary>
    /// <param name="mayCreate">Whether to create the record if there is none, as the first key of a service needs it.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> UseAsync(
        string[] settings,
        Func<IDbContextFactory<ProfileDbContext>, CancellationToken, Task<int>> work,
        bool mayCreate,
        CancellationToken cancellationToken) =>
        ServiceParts.UseAsync(settings, Stopped, AddRecord, async services =>
        {
            if (!mayCreate)
                CheckIsThere(services);
            var contexts = services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();
            await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
                await db.MigrateAsync(cancellationToken);
            return await work(contexts, cancellationToken);
        });

    // The lock of the folder is for the windows; SQLite itself orders the writers of this file.
    private static void AddRecord(WebApplicationBuilder builder)
    {
        if (builder.UsesPostgres())
            builder.AddProfiles();
        else
            builder.Services.AddSqliteProfiles(services => DataOf(services).File(StoredFiles.Profiles));
    }

    private static void CheckIsThere(IServiceProvider services)
    {
        if (services.GetService<IDbContextFactory<SqliteProfileDbContext>>() is not null && !DataOf(services).Has(StoredFiles.Profiles))
        {
            throw new CommandException(
                $"There is no {StoredFiles.Profiles} in {DataOf(services).Directory}. Give this command the settings of the service.");
        }
    }

    private static DataOptions DataOf(IServiceProvider services) => services.GetRequiredService<IOptions<DataOptions>>().Value;
}
