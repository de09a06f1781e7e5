using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ProfileService.Host;
using ProfileService.Platform;
using ProfileService.Platform.Settings;
using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Cli;

/// <summary>Opens the record of a service by the service's settings.</summary>
internal static class Record
{
    public static Argument<string[]> Settings() => new("SETTINGS")
    {
        Description = "The service's settings, after --, such as -- --Data:Directory=/var/lib/profiles. The environment and appsettings.json "
            + "count, too.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>Does the work with the record.</summary>
    /// <param name="mayCreate">Whether to create the record if there is none, as the first key of a service needs it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> UseAsync(
        string[] settings,
        Func<IDbContextFactory<ProfileDbContext>, CancellationToken, Task<int>> work,
        bool mayCreate,
        CancellationToken cancellationToken)
    {
        try
        {
            var builder = ServiceBuilder.Create(settings);
            builder.AddHosting().AddRecord();
            builder.Host.UseDefaultServiceProvider(services => services.ValidateOnBuild = false); // only a part of the service is registered
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.CheckSettings();
            await using var app = builder.Build();
            if (!mayCreate && !builder.UsesPostgres() && app.Services.GetRequiredService<IOptions<DataOptions>>().Value is var data && !data.Has(StoredFiles.Profiles))
                throw new CommandException($"There is no {StoredFiles.Profiles} in {data.Directory}. Give this command the settings of the service.");
            var contexts = app.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();
            await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
                await db.MigrateAsync(cancellationToken);
            return await work(contexts, cancellationToken);
        }
        catch (Exception e) when (e is CommandException || StartFailure.Explain(e) is not null)
        {
            Terminal.Fail(string.Join(' ', StartFailure.Explain(e) ?? [e.Message]));
            return 1;
        }
    }

    // The lock of the folder is for the windows; SQLite itself orders the writers of this file.
    private static void AddRecord(this WebApplicationBuilder builder)
    {
        if (builder.UsesPostgres())
            builder.AddProfiles();
        else
            builder.Services.AddSqliteProfiles(services => services.GetRequiredService<IOptions<DataOptions>>().Value.File(StoredFiles.Profiles));
    }
}
