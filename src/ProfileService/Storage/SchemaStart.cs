using Microsoft.EntityFrameworkCore;

namespace ProfileService.Storage;

/// <summary>Applies pending migrations at start.</summary>
internal sealed class SchemaStart(IDbContextFactory<ProfileDbContext> contexts) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.MigrateAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
