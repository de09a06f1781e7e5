using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Privacy;

/// <summary>The erasures that were asked for, and their receipts. None is lost: it waits in the database.</summary>
internal sealed class Erasures(IDbContextFactory<ProfileDbContext> contexts, ErasureSignal signal, TimeProvider time)
{
    private const int ReceiptBytes = 16;
    private const int MaxClaimed = 1_000; // users that are erased together
    private const int MaxPerStatement = 1_000;

    // A stream whose process died has not ended, and nobody has its receipt.
    private static readonly TimeSpan LongestStream = TimeSpan.FromDays(1);

    /// <summary>Asks for the erasure of users. When this returns, it survives a crash.</summary>
    public async Task<Erasure> RequestAsync(IEnumerable<string> userIds, CancellationToken cancellationToken)
    {
        List<string> users = [.. userIds.Distinct(StringComparer.Ordinal)];
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var erasure = await db.WriteAsync(() => AddAsync(db, users, cancellationToken), isAlone: false, cancellationToken);
        signal.Raise();
        return erasure;
    }

    /// <summary>
    /// Asks for the erasure of users that nobody but this service asks for. Ids that were merged, into whomever or with whomever, are left
    /// out, because the erasure would be that of others, too. Returns these, with their persons.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> RequestUnmergedAsync(
        IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var persons = await db.WriteAsync(async () =>
        {
            await db.LockPersonsAsync(cancellationToken);
            var aliases = await db.Aliases.AsNoTracking().Where(a => userIds.Contains(a.UserId) || userIds.Contains(a.PersonId))
                .ToDictionaryAsync(a => a.UserId, a => a.PersonId, cancellationToken);
            var merged = aliases.Keys.Concat(aliases.Values).Intersect(userIds)
                .ToDictionary(id => id, id => aliases.GetValueOrDefault(id, id));
            List<string> unmerged = [.. userIds.Where(id => !merged.ContainsKey(id))];
            if (unmerged.Count > 0)
                await AddAsync(db, unmerged, cancellationToken);
            return merged;
        }, isAlone: false, cancellationToken);
        if (persons.Count < userIds.Count)
            signal.Raise();
        return persons;
    }

    /// <summary>A new erasure, with a receipt of its own.</summary>
    public static Erasure New(int users, TimeProvider time) => new()
    {
        Receipt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ReceiptBytes)),
        RequestedAt = time.GetUtcNow().UtcDateTime,
        Users = users,
    };

    /// <summary>A user of an erasure, whom nobody works on yet.</summary>
    public static PendingErasure PendingOf(Erasure erasure, string userId) => new()
    {
        Receipt = erasure.Receipt,
        UserId = userId,
        RequestedAt = erasure.RequestedAt,
        LeasedUntil = erasure.RequestedAt,
    };

    /// <summary>The receipt; null if there is none.</summary>
    public async Task<Erasure?> FindAsync(string receipt, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Erasures.AsNoTracking().SingleOrDefaultAsync(e => e.Receipt == receipt, cancellationToken);
    }

    /// <summary>The number by which marks know the erasure.</summary>
    public static long OrderOf(string receipt) =>
        long.Parse(receipt.AsSpan(0, 2 * sizeof(long)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Leases users, up to 1,000, of the oldest erasure that nobody works on; empty if there is none.</summary>
    public async Task<IReadOnlyList<PendingErasure>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (now, latest) = (time.GetUtcNow().UtcDateTime, ErasureLease.LatestEnd(time));
        var unleased = db.PendingErasures.Where(p => p.LeasedUntil <= now || p.LeasedUntil > latest);
        var leased = db.PendingErasures.Where(p => p.LeasedUntil > now && p.LeasedUntil <= latest).Select(p => p.Receipt);
        var free = await unleased.AsNoTracking().Where(p => !leased.Contains(p.Receipt))
            .OrderBy(p => p.RequestedAt).Select(p => p.Receipt).FirstOrDefaultAsync(cancellationToken);
        if (free is null)
            return [];
        var until = ErasureLease.NewEnd(time);
        var some = unleased.Where(p => p.Receipt == free).OrderBy(p => p.UserId).Take(MaxClaimed);
        await unleased.Where(p => p.Receipt == free && some.Select(s => s.UserId).Contains(p.UserId))
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.LeasedUntil, until), cancellationToken);
        return await db.PendingErasures.AsNoTracking().Where(p => p.Receipt == free && p.LeasedUntil == until)
            .OrderBy(p => p.UserId).ToListAsync(cancellationToken);
    }

    /// <summary>The lease of users that were claimed together, by one of them.</summary>
    public ErasureLease LeaseOf(PendingErasure claimed) => new(claimed, contexts, time);

    /// <summary>Records what was removed, and forgets the ids.</summary>
    public async Task EndAsync(string receipt, IReadOnlyList<string> userIds, RemovedRows removed)
    {
        await using var db = await contexts.CreateDbContextAsync();
        await db.WriteAsync(async () =>
        {
            await db.PendingErasures.Where(p => p.Receipt == receipt && userIds.Contains(p.UserId)).ExecuteDeleteAsync();
            return await db.Erasures.Where(e => e.Receipt == receipt).ExecuteUpdateAsync(removed.AddTo); // others may add to it, too
        }, isAlone: false, CancellationToken.None);
    }

    /// <summary>Erasures of which no id is left, and which are not recorded as gone.</summary>
    public async Task<IReadOnlyList<string>> FindEndedAsync(CancellationToken cancellationToken)
    {
        var dead = time.GetUtcNow().UtcDateTime - LongestStream;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Erasures.AsNoTracking()
            .Where(e => e.DoneAt == null && e.GoneAt == null && (e.Users > 0 || e.RequestedAt < dead)
                && !db.PendingErasures.Any(p => p.Receipt == e.Receipt))
            .Select(e => e.Receipt).ToListAsync(cancellationToken);
    }

    /// <summary>Records that more users are to be erased, if it is recorded that all are gone.</summary>
    public static Task SetPendingAsync(ProfileDbContext db, string receipt, CancellationToken cancellationToken) =>
        db.Erasures.Where(e => e.Receipt == receipt && e.GoneAt != null)
            .ExecuteUpdateAsync(set => set
                .SetProperty(e => e.GoneAt, (DateTime?)null).SetProperty(e => e.DoneAt, (DateTime?)null), cancellationToken);

    /// <summary>Records that the users are gone. What remains is that files are written anew.</summary>
    public async Task SetGoneAsync(IReadOnlyList<string> receipts)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await contexts.CreateDbContextAsync();
        await db.Erasures
            .Where(e => receipts.Contains(e.Receipt) && e.GoneAt == null && !db.PendingErasures.Any(p => p.Receipt == e.Receipt))
            .ExecuteUpdateAsync(set => set
                .SetProperty(e => e.GoneAt, now).SetProperty(e => e.WaitingFor, (string?)null));
    }

    /// <summary>Erasures whose users are gone, but may still be in files.</summary>
    public async Task<IReadOnlyList<string>> FindGoneAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Erasures.AsNoTracking().Where(e => e.DoneAt == null && e.GoneAt != null)
            .Select(e => e.Receipt).ToListAsync(cancellationToken);
    }

    /// <summary>Records that files were rewritten. By receipts, because the processes' clocks differ.</summary>
    public async Task SetDoneAsync(IReadOnlyList<string> receipts, CancellationToken cancellationToken)
    {
        DateTime? now = time.GetUtcNow().UtcDateTime;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var some in receipts.Chunk(MaxPerStatement))
        {
            await db.Erasures.Where(e => some.Contains(e.Receipt) && e.GoneAt != null && e.DoneAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.DoneAt, now), cancellationToken);
        }
    }

    private async Task<Erasure> AddAsync(ProfileDbContext db, List<string> users, CancellationToken cancellationToken)
    {
        var erasure = New(users.Count, time);
        db.Erasures.Add(erasure);
        db.PendingErasures.AddRange(users.Select(user => PendingOf(erasure, user)));
        await db.SaveChangesAsync(cancellationToken);
        return erasure;
    }
}
