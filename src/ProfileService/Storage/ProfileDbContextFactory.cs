using Microsoft.EntityFrameworkCore;

namespace ProfileService.Storage;

/// <summary>Creates contexts for the database that is configured.</summary>
internal sealed class ProfileDbContextFactory<T>(IDbContextFactory<T> contexts) : IDbContextFactory<ProfileDbContext>
    where T : ProfileDbContext
{
    public ProfileDbContext CreateDbContext() => contexts.CreateDbContext();

    public async Task<ProfileDbContext> CreateDbContextAsync(CancellationToken cancellationToken) =>
        await contexts.CreateDbContextAsync(cancellationToken);
}
