using Microsoft.EntityFrameworkCore;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Purposes;

/// <summary>The purposes of users in the database: each change is a version, and none is removed.</summary>
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

    /// <summary>
    /// Those of the users whose purposes do not include this one. The database decides: this process may not know yet what another one was
    /// told a moment ago. Aliases count as they are, not as their persons.
    /// </summary>
    public async Task<IReadOnlySet<string>> FindRefusedAsync(
        IEnumerable<string> userIds, Purpose purpose, CancellationToken cancellationToken)
    {
        var refused = userIds.Where(user => !purposes.Allow(user, purpose)).ToHashSet(StringComparer.Ordinal);
        if (refused.Count == 0)
            return refused;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var latest = await FindLatestAsync(db, refused, cancellationToken);
        refused.RemoveWhere(user => PurposesOf(latest.GetValueOrDefault(hashes.Of(user))).HasFlag(purpose));
        return refused;
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
    /// profile of theirs is stored any more. Purposes that are as they were get no new version. All ids of a person get the same purposes.
    /// </summary>
    public Task<IReadOnlyList<PurposeChange>> SetAsync(IReadOnlyDictionary<string, Purpose> users, CancellationToken cancellationToken) =>
        WriteAsync(async db =>
        {
            var all = new Dictionary<string, Purpose>(users, StringComparer.Ordinal);
            var idsOf = await FindIdsAsync(db, [.. users.Keys], cancellationToken);
            foreach (var (userId, purposes) in users)
            {
                foreach (var id in idsOf(userId))
                    all[id] = purposes;
            }

            return await ChangeAsync(db, all, await FindLatestAsync(db, all.Keys, cancellationToken), cancellationToken);
        }, cancellationToken);

    /// <summary>
    /// Sets the purposes of all ids of a person to what each of them allows. Purposes that are as they were get no new version, as in
    /// <see cref="SetAsync"/>.
    /// </summary>
    public async Task<IReadOnlyList<PurposeChange>> NarrowAsync(string personId, CancellationToken cancellationToken)
    {
        // Who sets those of one id sets all. So once they are the same, they stay so, and nobody need wait for the lock.
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var (users, latest) = await FindNarrowedAsync(db, personId, cancellationToken);
            if (AreSet(users, latest))
                return Unchanged(users, latest);
        }

        return await WriteAsync(async db =>
        {
            var (users, latest) = await FindNarrowedAsync(db, personId, cancellationToken);
            return AreSet(users, latest) ? Unchanged(users, latest) : await ChangeAsync(db, users, latest, cancellationToken);
        }, cancellationToken);
    }

    private bool AreSet(IReadOnlyDictionary<string, Purpose> users, Dictionary<string, PurposesRow> latest) =>
        users.All(user => PurposesOf(latest.GetValueOrDefault(hashes.Of(user.Key))) == user.Value);

    /// <summary>Of those whose purposes somebody has set.</summary>
    private List<PurposeChange> Unchanged(IReadOnlyDictionary<string, Purpose> users, Dictionary<string, PurposesRow> latest) =>
    [
        .. from user in users
           where latest.ContainsKey(hashes.Of(user.Key))
           select new PurposeChange(user.Key, user.Value, latest[hashes.Of(user.Key)], IsNew: false),
    ];

    /// <summary>What the purposes of all ids of a person are to be, and what they are.</summary>
    private async Task<(IReadOnlyDictionary<string, Purpose> Users, Dictionary<string, PurposesRow> Latest)> FindNarrowedAsync(
        ProfileDbContext db, string personId, CancellationToken cancellationToken)
    {
        List<string> ids = [.. (await FindIdsAsync(db, [personId], cancellationToken))(personId)];
        var latest = await FindLatestAsync(db, ids, cancellationToken);
        var each = ids.ConvertAll(id => PurposesOf(latest.GetValueOrDefault(hashes.Of(id))));
        var narrowed = each.Aggregate(Purpose.All, (all, one) => all & one);
        return (ids.ToDictionary(id => id, _ => narrowed), latest);
    }

    private async Task<IReadOnlyList<PurposeChange>> WriteAsync(
        Func<ProfileDbContext, Task<IReadOnlyList<PurposeChange>>> write, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(() => write(db), isAlone: true, cancellationToken);
    }

    /// <summary>Tells of each user the person and all aliases; the id alone if nobody merged it.</summary>
    private static async Task<Func<string, IEnumerable<string>>> FindIdsAsync(
        ProfileDbContext db, List<string> userIds, CancellationToken cancellationToken)
    {
        var persons = db.Aliases.Where(a => userIds.Contains(a.UserId)).Select(a => a.PersonId);
        var found = await db.Aliases.Where(a => userIds.Contains(a.PersonId) || persons.Contains(a.PersonId))
            .ToDictionaryAsync(a => a.UserId, a => a.PersonId, cancellationToken);
        var aliases = found.ToLookup(a => a.Value, a => a.Key);
        return userId => found.GetValueOrDefault(userId, userId) is var person ? [person, .. aliases[person]] : [];
    }

    private Task<Dictionary<string, PurposesRow>> FindLatestAsync(
        ProfileDbContext db, IEnumerable<string> userIds, CancellationToken cancellationToken)
    {
        var asked = userIds.Select(hashes.Of).ToList();
        return db.Purposes.Where(p => p.IsLatest && asked.Contains(p.UserHash)).ToDictionaryAsync(p => p.UserHash, cancellationToken);
    }

    private async Task<IReadOnlyList<PurposeChange>> ChangeAsync(
        ProfileDbContext db,
        IReadOnlyDictionary<string, Purpose> users,
        Dictionary<string, PurposesRow> latest,
        CancellationToken cancellationToken)
    {
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
    }

    private Purpose PurposesOf(PurposesRow? latest) => latest is null ? purposes.Default : PurposeNames.FromRow(latest);

    private PurposeChange Change(string userId, Purpose now, PurposesRow? latest, long sequence)
    {
        var before = PurposesOf(latest);
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
