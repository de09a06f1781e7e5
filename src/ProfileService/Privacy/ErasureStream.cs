using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Privacy;

/// <summary>
/// An erasure whose users come in parts, with one receipt. A part is erased from when it is stored, whatever becomes of the parts after it.
/// Until the end, the receipt counts no users: by that <see cref="Erasures.FindEndedAsync"/> knows that more may come.
/// </summary>
internal sealed class ErasureStream(IDbContextFactory<ProfileDbContext> contexts, ErasureSignal signal, TimeProvider time)
{
    private Erasure? _erasure;
    private int _users;

    /// <summary>
    /// Stores users. When this returns, their erasure survives a crash. If the stream was taken for dead, its receipt no longer says that
    /// the users are gone. <see cref="Merging.PersonGroups"/> may add ids to the same erasure: before this or after it.
    /// </summary>
    public async Task AddAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (isFirst, erasure) = (_erasure is null, _erasure ?? Erasures.New(users: 0, time));
        _users += await db.WriteAsync(async () =>
        {
            await db.LockPersonsAsync(cancellationToken);
            if (isFirst)
                db.Erasures.Add(erasure);
            else
                await Erasures.SetPendingAsync(db, erasure.Receipt, cancellationToken);
            var waiting = await db.PendingErasures.Where(p => p.Receipt == erasure.Receipt && userIds.Contains(p.UserId))
                .Select(p => p.UserId).ToListAsync(cancellationToken);
            List<string> added = [.. userIds.Distinct(StringComparer.Ordinal).Except(waiting)];
            db.PendingErasures.AddRange(added.Select(user => Erasures.PendingOf(erasure, user)));
            await db.SaveChangesAsync(cancellationToken);
            return added.Count;
        }, isAlone: false, cancellationToken);
        _erasure = erasure;
        signal.Raise();
    }

    /// <summary>Ends it, also if the stream broke off; null if there were no users.</summary>
    public async Task<Erasure?> EndAsync()
    {
        if (_erasure is not { } erasure)
            return null;
        await using var db = await contexts.CreateDbContextAsync();
        await db.Erasures.Where(e => e.Receipt == erasure.Receipt).ExecuteUpdateAsync(set => set.SetProperty(e => e.Users, _users));
        signal.Raise();
        return await db.Erasures.AsNoTracking().SingleAsync(e => e.Receipt == erasure.Receipt);
    }
}
