using Microsoft.EntityFrameworkCore;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Purposes;

/// <summary>The purposes of users in the record: each change is a version, and none is removed.</summary>
internal sealed class PurposeStore(
    IDbContextFactory<ProfileDbContext> contexts, UserHash hashes, UserPurposes purposes, TimeProvider time)
{
    private const int PageSize = 1_000;

    /// <summary>The user's versions, the first one first; none if nobody has set the purposes.</summary>
    public async Task<IReadOnlyList<PurposesRow>> FindAsync(string userId, CancellationToken cancellationToken)
    {
        var hash = hashes.Of(userId);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Purposes.AsNoTracking().Where(p => p.UserHash == hash).OrderBy(p => p.Version).ToListAsync(cancellationToken);
    }

    /// <summary>The changes after a sequence, up to 1,000.</summary>
    public async Task<IReadOnlyList<PurposesRow>> ReadPageAsync(long after, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Purposes.AsNoTracking().Where(p => p.Sequence > after).OrderBy(p => p.Sequence).Take(PageSize)
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Sets users' purposes, and deletes the profiles of those that no longer allow one, in the same transaction. When this returns, no
    /// profile of theirs is stored any more. Purposes that are as they were get no new version.
    /// </summary>
    public async Task<IReadOnlyList<PurposeChange>> SetAsync(
        IReadOnlyDictionary<string, Purpose> users, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(async () =>
        {
            var asked = users.Keys.Select(hashes.Of).ToList();
            var latest = await db.Purposes.Where(p => p.IsLatest && asked.Contains(p.UserHash))
                .ToDictionaryAsync(p => p.UserHash, cancellationToken);
            var sequence = await db.Purposes.MaxAsync(p => (long?)p.Sequence, cancellationToken) ?? 0;
            List<PurposeChange> changes = [.. users.Select(user =>
            {
                var change = Change(user.Key, user.Value, latest.GetValueOrDefault(hashes.Of(user.Key)), sequence + 1);
                sequence = Math.Max(sequence, change.Row.Sequence);
                return change;
            })];
            db.Purposes.AddRange(changes.Where(c => c.IsNew).Select(c => c.Row));
            await db.SaveChangesAsync(cancellationToken);
            var ended = changes.Where(c => c.Ends(Purpose.Profile)).Select(c => c.UserId).ToList();
            await db.Profiles.Where(p => ended.Contains(p.UserId)).ExecuteDeleteAsync(cancellationToken);
            return changes;
        }, isAlone: true, cancellationToken);
    }

    private PurposeChange Change(string userId, Purpose now, PurposesRow? latest, long sequence)
    {
        var before = latest is null ? purposes.Default : PurposeNames.Of(latest);
        if (latest is not null && before == now)
            return new PurposeChange(userId, before, latest, IsNew: false);
        if (latest is not null)
            latest.IsLatest = false;
        return new PurposeChange(userId, before, new PurposesRow
        {
            UserHash = hashes.Of(userId),
            Version = (latest?.Version ?? 0) + 1,
            Profile = now.HasFlag(Purpose.Profile),
            Explain = now.HasFlag(Purpose.Explain),
            Similar = now.HasFlag(Purpose.Similar),
            Train = now.HasFlag(Purpose.Train),
            SetAt = time.GetUtcNow().UtcDateTime,
            IsLatest = true,
            Sequence = sequence,
        }, IsNew: true);
    }
}
