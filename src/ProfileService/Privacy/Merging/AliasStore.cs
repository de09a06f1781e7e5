using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Privacy.Merging;

/// <summary>The aliases in the database, which are the truth: what lies in other stores follows them.</summary>
internal sealed class AliasStore(IDbContextFactory<ProfileDbContext> contexts, TimeProvider time)
{
    private const int PageSize = 1_000;

    public static UserAlias AliasOf(AliasRow row) => new(row.PersonId, row.ErasedBefore);

    /// <summary>Null if the id is nobody's alias.</summary>
    public async Task<AliasRow?> FindAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Aliases.AsNoTracking().SingleOrDefaultAsync(a => a.UserId == userId, cancellationToken);
    }

    /// <summary>The aliases of the person that an id is of, by whichever of the person's ids.</summary>
    public async Task<IReadOnlyList<AliasRow>> FindOfPersonAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var persons = db.Aliases.Where(a => a.UserId == userId).Select(a => a.PersonId);
        return await db.Aliases.AsNoTracking().Where(a => a.PersonId == userId || persons.Contains(a.PersonId))
            .OrderBy(a => a.Sequence).ToListAsync(cancellationToken);
    }

    public async Task<int> CountOfPersonAsync(string personId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Aliases.CountAsync(a => a.PersonId == personId, cancellationToken);
    }

    /// <summary>The changes after a sequence, up to 1,000.</summary>
    public async Task<IReadOnlyList<AliasRow>> ReadPageAsync(long after, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Aliases.AsNoTracking().Where(a => a.Sequence > after).OrderBy(a => a.Sequence).Take(PageSize)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Aliases of merges until a time under which something may still lie, up to 1,000.</summary>
    public async Task<IReadOnlyList<string>> FindUnmovedAsync(DateTime mergedUntil, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Aliases.AsNoTracking().Where(a => a.MovedAt == null && a.MergedAt <= mergedUntil).OrderBy(a => a.Sequence)
            .Select(a => a.UserId).Take(PageSize).ToListAsync(cancellationToken);
    }

    /// <summary>Aliases that were moved between two times.</summary>
    public async Task<IReadOnlyList<string>> FindMovedAsync(DateTime since, DateTime until, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Aliases.AsNoTracking().Where(a => a.MovedAt >= since && a.MovedAt < until).Select(a => a.UserId)
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Records that nothing lies under the alias any more, if it is this person's. The sequence stays: whose alias it is has not changed.
    /// </summary>
    public async Task SetMovedAsync(string alias, string person, CancellationToken cancellationToken)
    {
        DateTime? now = time.GetUtcNow().UtcDateTime;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Aliases.Where(a => a.UserId == alias && a.PersonId == person && a.MovedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.MovedAt, now), cancellationToken);
    }

    /// <summary>Forgets aliases of persons that are erased.</summary>
    public async Task DeleteAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Aliases.Where(a => userIds.Contains(a.UserId)).ExecuteDeleteAsync(cancellationToken);
    }
}
