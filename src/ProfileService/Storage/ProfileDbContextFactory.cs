using Microsoft.EntityFrameworkCore;

namespace ProfileService.Storage;

/// <summary>Makes contexts of the database that the service is set to.</summary>
internal sealed class ProfileDbContextFactory<T>(IDbContextFactory<T> contexts) : IDbContextFactory<ProfileDbContext>
    where T : ProfileDbContext
{
    public ProfileDbContext CreateDbContext() => contexts.CreateDbContext();

    public async Task<ProfileDbContext> CreateDbContextAsync(CancellationToken cancellationToken) =>
        await contexts.CreateDbContextAsync(cancellationToken);
}
