using Microsoft.EntityFrameworkCore;

namespace ProfileService.Storage;

/// <summary>Brings the tables up to date before anything that is registered after it starts.</summary>
internal sealed class ProfileMigration(IDbContextFactory<ProfileDbContext> contexts) : IHostedService
{
    /// <summary>Argument of the service: migrate, then exit.</summary>
    public const string Only = "--migrate-only";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.MigrateAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
