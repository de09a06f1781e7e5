using System.Runtime.ExceptionServices;
using Microsoft.EntityFrameworkCore;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Profiles;

/// <summary>The profiles in the database, behind a read cache in Redis if there is a Redis.</summary>
internal sealed class ProfileStore(
    IDbContextFactory<ProfileDbContext> contexts,
    UserChanges changes,
    UserHash hashes,
    ProfileCache? cache = null,
    StoredFeed? feed = null)
{
    // Not static: a compiled query is bound to the database that it first ran on.
    private readonly Func<ProfileDbContext, string, string, string, string?, Task<Profile?>> _byKey = EF.CompileAsyncQuery(
        (ProfileDbContext db, string userId, string model, string digest, string? former) => db.Profiles.AsNoTracking()
            .FirstOrDefault(p => p.UserId == userId && p.Model == model && (p.Digest == digest || p.Digest == former)));

    /// <summary>The user's profile by this model; null if there is none.</summary>
    public async Task<Profile?> FindAsync(string userId, ModelStamp model, CancellationToken cancellationToken)
    {
        var (found, failure) = await FindAsync([userId], model, cancellationToken);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return found is [var one] ? one : null;
    }

    /// <summary>The profiles by this model of those users that have one whose vector is finite, in any order.</summary>
    /// <returns>If the database is unavailable, the profiles in the cache, and the exception; it is null otherwise.</returns>
    public async Task<(IReadOnlyList<Profile> Profiles, Exception? Failure)> FindAsync(
        IReadOnlyList<string> userIds, ModelStamp model, CancellationToken cancellationToken)
    {
        var cached = await FindCachedAsync(userIds, model);
        var found = cached.OfType<Profile>().ToList();
        Exception? failure = null;
        try
        {
            if (found.Count < userIds.Count)
                found.AddRange(await FindStoredAsync([.. userIds.Where((_, i) => cached[i] is null)], model, cancellationToken));
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            failure = e;
        }

        found.RemoveAll(p => !VectorBytes.AreFinite(p.Vector));
        return (found, failure);
    }

    /// <summary>
    /// Stores profiles of different users, except those by an inactive model, with a revision below the stored one, from before the user
    /// was erased, of a user whose purposes do not allow it, or of an alias.
    /// </summary>
    /// <returns>
    /// The stored profiles that have a higher revision, and the model that was active at that time; null before the first start.
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
            changes.Note(profiles.Select(p => p.UserId)); // also after a failure, because a part may be stored
        }
    }

    /// <summary>The value of <see cref="ServedModel.Model"/>; null before the first start.</summary>
    public async Task<string?> FindServedModelAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ServedModel.AsNoTracking().Select(s => s.Model).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Reads from the database; returns whether it takes no writes.</summary>
    public async Task<bool> IsReadOnlyAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.IsReadOnlyAsync(cancellationToken);
    }

    /// <summary>Activates a model. Its users must then be made due, followed by <see cref="EndMarkingAsync"/>.</summary>
    /// <param name="isFirst">Whether to activate it only if no model is active yet.</param>
    public async Task BeginServingAsync(ModelStamp model, bool isFirst, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (id, marking) = (ServedModel.OnlyId, ServedModel.MarkingOf(model));
        FormattableString keep = $"INSERT INTO served_model (id, model) VALUES ({id}, {marking}) ON CONFLICT (id) DO NOTHING";
        FormattableString replace =
            $"INSERT INTO served_model (id, model) VALUES ({id}, {marking}) ON CONFLICT (id) DO UPDATE SET model = excluded.model";
        var stamp = model.ToString();
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO served_stamps (model) VALUES ({stamp}) ON CONFLICT (model) DO NOTHING", cancellationToken);
        await db.Database.ExecuteSqlAsync(isFirst ? keep : replace, cancellationToken);
    }

    /// <summary>Records that every user was made due, unless another model was activated meanwhile.</summary>
    public async Task EndMarkingAsync(ModelStamp model, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (marking, marked) = (ServedModel.MarkingOf(model), model.ToString());
        await db.ServedModel.Where(s => s.Model == marking).ExecuteUpdateAsync(s => s.SetProperty(m => m.Model, marked), cancellationToken);
    }

    /// <summary>In the order of the ids. An unavailable cache counts as empty, because the database has all profiles.</summary>
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
        var hashed = hashes.OfEach(profiles.Select(p => p.UserId));
        var (written, served) = await UpsertAsync(profiles, hashed, cancellationToken);
        if (!profiles.All(p => ServedModel.Allows(served, p)))
            profiles = [.. profiles.Where(p => ServedModel.Allows(served, p))];
        var newer = written >= profiles.Count ? [] : await FindNewerAsync(profiles, cancellationToken);
        var stored = newer.Count == 0 ? profiles : [.. profiles.ExceptBy(newer.Select(p => p.UserId), p => p.UserId)];
        if (written < stored.Count)
            stored = await WithoutRefusedAsync(stored, hashed, cancellationToken);
        try
        {
            if (cache is not null)
                await cache.StoreAsync(stored, hashed);
        }
        finally // also if the cache fails, because the database has the profiles
        {
            feed?.Tell(stored);
        }

        return (newer, served);
    }

    // Returns its connection before the next one is taken. Callers that hold a connection and wait for another could wait for each other.
    private async Task<(int Stored, string? ServedModel)> UpsertAsync(
        IReadOnlyList<Profile> profiles, IReadOnlyDictionary<string, string> hashed, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.UpsertAsync(profiles, [.. profiles.Select(p => hashed[p.UserId])], cancellationToken);
    }

    /// <summary>Those that the ledger and the users' purposes let be stored, and that are not of an alias.</summary>
    private async Task<IReadOnlyList<Profile>> WithoutRefusedAsync(
        IReadOnlyList<Profile> profiles, IReadOnlyDictionary<string, string> hashed, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var refusals = await Refusals.FindAsync(
            db, profiles.Select(p => hashed[p.UserId]), isAllowedByDefault: true, cancellationToken); // as the upsert's rules
        var userIds = profiles.Select(p => p.UserId).ToList();
        var aliases = await db.Aliases.AsNoTracking().Where(a => userIds.Contains(a.UserId)).Select(a => a.UserId)
            .ToHashSetAsync(cancellationToken);
        return [.. profiles.Where(p => !refusals.Cover(hashed[p.UserId], p.Revision) && !aliases.Contains(p.UserId))];
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
            return await _byKey(db, userIds[0], id, digest, former) is { } one ? FillCache([one]) : [];
        var found = await db.Profiles.AsNoTracking()
            .Where(p => p.Model == id && (p.Digest == digest || p.Digest == former) && userIds.Contains(p.UserId))
            .ToListAsync(cancellationToken);
        return FillCache(found);
    }

    private IReadOnlyList<Profile> FillCache(IReadOnlyList<Profile> found)
    {
        cache?.Fill(found);
        return found;
    }
}
