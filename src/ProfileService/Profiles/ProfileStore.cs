using Microsoft.EntityFrameworkCore;

namespace ProfileService.Profiles;

/// <summary>The profiles of record, behind a read cache where there is a Redis to keep it.</summary>
internal sealed class ProfileStore(IDbContextFactory<ProfileDbContext> contexts, UserChanges changes, ProfileCache? cache = null, StoredFeed? feed = null)
{
    // Of this instance: a compiled query is bound to the database that it first ran on.
    private readonly Func<ProfileDbContext, string, string, Task<Profile?>> _byKey = EF.CompileAsyncQuery(
        (ProfileDbContext db, string userId, string model) =>
            db.Profiles.AsNoTracking().FirstOrDefault(p => p.UserId == userId && p.Model == model));

    /// <summary>The user's profile by this model, or null.</summary>
    public async Task<Profile?> FindAsync(string userId, string model, CancellationToken cancellationToken)
    {
        if (cache is not null && (await cache.FindAsync([userId], model))[0] is { } cached)
            return cached;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await _byKey(db, userId, model);
        if (found is not null)
            cache?.Fill([found]);
        return found;
    }

    /// <summary>The profiles by this model of those users that have one, in any order.</summary>
    public async Task<IReadOnlyList<Profile>> FindAsync(IReadOnlyList<string> userIds, string model, CancellationToken cancellationToken)
    {
        var cached = cache is null ? new Profile?[userIds.Count] : await cache.FindAsync(userIds, model);
        var found = cached.OfType<Profile>().ToList();
        if (found.Count < userIds.Count)
            found.AddRange(await FindStoredAsync([.. userIds.Where((_, i) => cached[i] is null)], model, cancellationToken));
        return found;
    }

    /// <summary>Stores profiles of different users, each only where no later revision stands.</summary>
    public async Task<StoredProfiles> StoreAsync(IReadOnlyList<Profile> profiles, CancellationToken cancellationToken)
    {
        var (written, served) = await UpsertAsync(profiles, cancellationToken);
        var newer = written == profiles.Count ? [] : await FindNewerAsync(profiles, cancellationToken);
        var stored = newer.Count == 0 ? profiles : [.. profiles.ExceptBy(newer.Select(p => p.UserId), p => p.UserId)];
        if (cache is not null)
            await cache.StoreAsync(stored);
        feed?.Tell(stored);
        foreach (var profile in profiles)
            changes.Note(profile.UserId);
        return new StoredProfiles(newer, served);
    }

    /// <summary>The model that the profiles are kept for, or null before the first start.</summary>
    public async Task<string?> FindServedModelAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ServedModel.AsNoTracking().Select(s => s.Model).SingleOrDefaultAsync(cancellationToken);
    }

    public async Task SetServedModelAsync(string model, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.ServedModel.SingleOrDefaultAsync(cancellationToken) is { } served)
            served.Model = model;
        else
            db.Add(new ServedModel { Model = model });
        await db.SaveChangesAsync(cancellationToken);
    }

    // Its connection goes back before another is taken: callers who each hold one and wait for one would wait for each other.
    private async Task<(int Stored, string? ServedModel)> UpsertAsync(IReadOnlyList<Profile> profiles, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.UpsertAsync(profiles, cancellationToken);
    }

    private async Task<IReadOnlyList<Profile>> FindNewerAsync(IReadOnlyList<Profile> profiles, CancellationToken cancellationToken)
    {
        var revisions = profiles.ToDictionary(p => p.UserId, p => p.Revision);
        var found = await FindStoredAsync([.. revisions.Keys], profiles[0].Model, cancellationToken);
        return [.. found.Where(p => p.Revision > revisions[p.UserId])];
    }

    private async Task<IReadOnlyList<Profile>> FindStoredAsync(IReadOnlyList<string> userIds, string model, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.Profiles.AsNoTracking()
            .Where(p => p.Model == model && userIds.Contains(p.UserId))
            .ToListAsync(cancellationToken);
        cache?.Fill(found);
        return found;
    }
}
