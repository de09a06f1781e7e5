using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProfileService.Hosting;

namespace ProfileService.Profiles;

internal static class ProfileSetup
{
    public static WebApplicationBuilder AddProfiles(this WebApplicationBuilder builder)
    {
        builder.Services.AddPooledDbContextFactory<ProfileDbContext>((services, options) => options.UseSqlite(new SqliteConnectionStringBuilder
        {
            DataSource = services.GetRequiredService<IOptions<DataOptions>>().Value.File("profiles.db"),
        }.ToString()));
        builder.Services.AddSingleton<ProfileStore>();
        builder.Services.AddHostedService<ProfileMigration>();
        return builder;
    }
}
