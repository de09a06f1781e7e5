using Microsoft.EntityFrameworkCore;
using ProfileService.Model;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>Erases users from the tables of the database.</summary>
internal sealed class DatabaseEraser(IDbContextFactory<ProfileDbContext> contexts)
{
    /// <summary>
    /// Deletes the attributes, once for each erasure, so that those that are put later stay. It comes before the windows are erased: a
    /// refresh that read the attributes before has a revision from before, and its profile is refused.
    /// </summary>
    public async Task<int> EraseAttributesAsync(IReadOnlyList<PendingErasure> pending, CancellationToken cancellationToken)
    {
        var (receipt, users) = (pending[0].Receipt, pending.Where(p => !p.AreAttributesErased).Select(p => p.UserId).ToList());
        if (users.Count == 0)
            return 0;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(async () =>
        {
            await db.LockPersonsAsync(cancellationToken); // a merge may be moving attributes from one of them to another
            await db.PendingErasures.Where(p => p.Receipt == receipt && users.Contains(p.UserId))
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.AreAttributesErased, true), cancellationToken);
            return await db.Attributes.Where(a => users.Contains(a.UserId)).ExecuteDeleteAsync(cancellationToken);
        }, isAlone: false, cancellationToken);
    }

    /// <summary>Records that the windows are erased.</summary>
    public async Task SetWindowsErasedAsync(IReadOnlyList<PendingErasure> pending, CancellationToken cancellationToken)
    {
        var (receipt, users) = (pending[0].Receipt, pending.Where(p => !p.AreWindowsErased).Select(p => p.UserId).ToList());
        if (users.Count == 0)
            return;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.WriteAsync(
            () => db.PendingErasures.Where(p => p.Receipt == receipt && users.Contains(p.UserId))
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.AreWindowsErased, true), cancellationToken),
            isAlone: false,
            cancellationToken);
    }

    /// <summary>The highest revision of each user's profiles.</summary>
    public async Task<IReadOnlyDictionary<string, long>> FindRevisionsAsync(
        IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Profiles.AsNoTracking().Where(p => userIds.Contains(p.UserId))
            .GroupBy(p => p.UserId).Select(user => new { UserId = user.Key, Revision = user.Max(p => p.Revision) })
            .ToDictionaryAsync(user => user.UserId, user => user.Revision, cancellationToken);
    }

    /// <summary>Deletes the users' profiles up to the floors of their marks; returns how many there were.</summary>
    public async Task<int> EraseProfilesAsync(
        IReadOnlyDictionary<string, ErasureMark> marks, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(async () =>
        {
            var deleted = 0;
            foreach (var (userId, mark) in marks.OrderBy(m => m.Key, StringComparer.Ordinal))
            {
                deleted += await db.Profiles.Where(p => p.UserId == userId && p.Revision <= mark.Floor)
                    .ExecuteDeleteAsync(cancellationToken);
            }

            return deleted;
        }, isAlone: false, cancellationToken);
    }

    /// <summary>Deletes all profiles of users.</summary>
    public async Task DeleteProfilesAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Profiles.Where(p => userIds.Contains(p.UserId)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>The models by which Redis may have profiles.</summary>
    public async Task<IReadOnlyList<ModelStamp>> FindStampsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var stamps = await db.ServedStamps.AsNoTracking().Select(s => s.Model).ToListAsync(cancellationToken);
        return stamps.ConvertAll(ModelStamp.Parse);
    }

    public async Task PurgeAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.PurgeAsync(cancellationToken);
    }

    public async Task RewriteAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.RewriteAsync(cancellationToken);
    }
}
