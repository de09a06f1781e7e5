using System.Runtime.ExceptionServices;
using Microsoft.EntityFrameworkCore;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Profiles;

/// <summary>The profiles in the database, behind a read cache in Redis if there is a Redis.</summary>
internal sealed class ProfileStore(
    IDbContextFactory<ProfileDbContext> contexts, UserChanges changes, ProfileCache? cache = null, StoredFeed? feed = null)
{
    // Of this instance: a compiled query is bound to the database that it first ran on.
    private readonly Func<ProfileDbContext, string, string, string, string?, Task<Profile?>> _byKey = EF.CompileAsyncQuery(
        (ProfileDbContext db, string userId, string model, string digest, string? former) => db.Profiles.AsNoTracking()
            .FirstOrDefault(p => p.UserId == userId && p.Model == model && (p.Digest == digest || p.Digest == former)));

    /// <summary>The user's profile by this model, or null.</summary>
    public async Task<Profile?> FindAsync(string userId, ModelStamp model, CancellationToken cancellationToken)
    {
        var (found, failure) = await FindAsync([userId], model, cancellationToken);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return found is [var one] ? one : null;
    }

    /// <summary>The profiles by this model of those users that have one, in any order.</summary>
    /// <returns>Also why others cannot be read: if the database is away, what the cache holds is found all the same.</returns>
    public async Task<(IReadOnlyList<Profile> Profiles, Exception? Failure)> FindAsync(
        IReadOnlyList<string> userIds, ModelStamp model, CancellationToken cancellationToken)
    {
        var cached = await FindCachedAsync(userIds, model);
        var found = cached.OfType<Profile>().ToList();
        if (found.Count == userIds.Count)
            return (found, null);
        try
        {
            found.AddRange(await FindStoredAsync([.. userIds.Where((_, i) => cached[i] is null)], model, cancellationToken));
            return (found, null);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return (found, e);
        }
    }

    /// <summary>Stores profiles of different users, except below a stored revision, or by a model that is no longer active.</summary>
    /// <returns>
    /// Those of a later revision that were found, and the model that was active when these were stored; null before the first start.
    /// </returns>
    public async Task<(IReadOnlyList<Profile> Newer, string? ServedModel)> StoreAsync(
        IReadOnlyList<Profile> profiles, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteAsync(profiles, cancellationToken);
        }
        finally
        {
            changes.Note(profiles.Select(p => p.UserId)); // also if it failed, for a part may be stored
        }
    }

    /// <summary>The active model as <see cref="ServedModel.Model"/> has it, or null before the first start.</summary>
    public async Task<string?> FindServedModelAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ServedModel.AsNoTracking().Select(s => s.Model).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Makes a model the active one, whose users are still to be made due; <see cref="EndMarkingAsync"/> follows.</summary>
    /// <param name="isFirst">Whether to do so only if none is active yet.</param>
    public async Task BeginServingAsync(ModelStamp model, bool isFirst, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (id, marking) = (ServedModel.OnlyId, ServedModel.MarkingOf(model));
        FormattableString keep = $"INSERT INTO served_model (id, model) VALUES ({id}, {marking}) ON CONFLICT (id) DO NOTHING";
        FormattableString replace =
            $"INSERT INTO served_model (id, model) VALUES ({id}, {marking}) ON CONFLICT (id) DO UPDATE SET model = excluded.model";
        await db.Database.ExecuteSqlAsync(isFirst ? keep : replace, cancellationToken);
    }

    /// <summary>Notes that every user was made due, unless another model was made active meanwhile.</summary>
    public async Task EndMarkingAsync(ModelStamp model, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (marking, marked) = (ServedModel.MarkingOf(model), model.ToString());
        await db.ServedModel.Where(s => s.Model == marking).ExecuteUpdateAsync(s => s.SetProperty(m => m.Model, marked), cancellationToken);
    }

    /// <summary>In the order asked. A cache that is away counts as empty: the database has all profiles.</summary>
    private async Task<Profile?[]> FindCachedAsync(IReadOnlyList<string> userIds, ModelStamp model)
    {
        try
        {
            return cache is null ? new Profile?[userIds.Count] : await cache.FindAsync(userIds, model);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return new Profile?[userIds.Count];
        }
    }

    private async Task<(IReadOnlyList<Profile> Newer, string? ServedModel)> WriteAsync(
        IReadOnlyList<Profile> profiles, CancellationToken cancellationToken)
    {
        var (written, served) = await UpsertAsync(profiles, cancellationToken);
        if (!profiles.All(p => ServedModel.Allows(served, p)))
            profiles = [.. profiles.Where(p => ServedModel.Allows(served, p))];
        var newer = written >= profiles.Count ? [] : await FindNewerAsync(profiles, cancellationToken);
        var stored = newer.Count == 0 ? profiles : [.. profiles.ExceptBy(newer.Select(p => p.UserId), p => p.UserId)];
        try
        {
            if (cache is not null)
                await cache.StoreAsync(stored);
        }
        finally // the database has them
        {
            feed?.Tell(stored);
        }

        return (newer, served);
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
        var (userIds, model) = (revisions.Keys.ToList(), profiles[0].Model);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.Profiles.AsNoTracking()
            .Where(p => p.Model == model && userIds.Contains(p.UserId))
            .ToListAsync(cancellationToken);
        return [.. found.Where(p => p.Revision > revisions[p.UserId])];
    }

    private async Task<IReadOnlyList<Profile>> FindStoredAsync(
        IReadOnlyList<string> userIds, ModelStamp model, CancellationToken cancellationToken)
    {
        var (id, digest, former) = model;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (userIds.Count == 1)
            return await _byKey(db, userIds[0], id, digest, former) is { } one ? Filled([one]) : [];
        var found = await db.Profiles.AsNoTracking()
            .Where(p => p.Model == id && (p.Digest == digest || p.Digest == former) && userIds.Contains(p.UserId))
            .ToListAsync(cancellationToken);
        return Filled(found);
    }

    private IReadOnlyList<Profile> Filled(IReadOnlyList<Profile> found)
    {
        cache?.Fill(found);
        return found;
    }
}
