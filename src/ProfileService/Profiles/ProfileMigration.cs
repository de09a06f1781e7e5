using Microsoft.EntityFrameworkCore;

namespace ProfileService.Profiles;

/// <summary>Brings the tables up to date before anything that is registered after it starts.</summary>
internal sealed class ProfileMigration(IDbContextFactory<ProfileDbContext> contexts) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
