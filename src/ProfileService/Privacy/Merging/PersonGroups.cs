using Microsoft.EntityFrameworkCore;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Privacy.Merging;

/// <summary>Has a person erased with all aliases, whichever of the ids was asked for.</summary>
internal sealed class PersonGroups(IDbContextFactory<ProfileDbContext> contexts, UserHash hashes)
{
    /// <summary>
    /// Adds the other ids of the persons to an erasure. A merge at the same moment comes before it, and its alias is erased, or after it,
    /// and is refused.
    /// </summary>
    /// <param name="pending">Users of one erasure.</param>
    public async Task<PersonGroup> CompleteAsync(IReadOnlyList<PendingErasure> pending, CancellationToken cancellationToken)
    {
        var asked = pending.Select(p => p.UserId).ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(async () =>
        {
            await db.LockPersonsAsync(cancellationToken);
            var persons = db.Aliases.Where(a => asked.Contains(a.UserId)).Select(a => a.PersonId);
            var aliases = await db.Aliases.AsNoTracking().Where(a => asked.Contains(a.PersonId) || persons.Contains(a.PersonId))
                .ToDictionaryAsync(a => a.UserId, a => a.PersonId, cancellationToken);
            var added = aliases.Keys.Concat(aliases.Values).Distinct().Except(asked).Select(id => Like(pending[0], id)).ToList();
            return new PersonGroup([.. pending, .. await AddAsync(db, added, cancellationToken)], aliases);
        }, isAlone: false, cancellationToken);
    }

    /// <summary>Hashes of all ids of the persons whose erasure has not ended.</summary>
    public async Task<IReadOnlySet<UInt128>> FindPendingAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var asked = db.PendingErasures.Select(p => p.UserId);
        var persons = db.Aliases.Where(a => asked.Contains(a.UserId)).Select(a => a.PersonId);
        var aliases = db.Aliases.Where(a => asked.Contains(a.PersonId) || persons.Contains(a.PersonId)).Select(a => a.UserId);
        var found = new HashSet<UInt128>();
        // Pending rows last: an erasure enters all ids of a person there before it deletes the aliases.
        foreach (var ids in new[] { persons, aliases, asked })
        {
            await foreach (var id in ids.AsAsyncEnumerable().WithCancellation(cancellationToken))
                found.Add(hashes.NumberOf(id));
        }

        return found;
    }

    // Ids that this erasure already has belong to another of its parts, or were added by an earlier try. Erasing them twice is harmless,
    // for their rows say what was done.
    private static async Task<IReadOnlyList<PendingErasure>> AddAsync(
        ProfileDbContext db, List<PendingErasure> added, CancellationToken cancellationToken)
    {
        if (added.Count == 0)
            return [];
        var (receipt, ids) = (added[0].Receipt, added.ConvertAll(p => p.UserId));
        var known = await db.PendingErasures.AsNoTracking().Where(p => p.Receipt == receipt && ids.Contains(p.UserId))
            .ToListAsync(cancellationToken);
        var unknown = added.ExceptBy(known.Select(p => p.UserId), p => p.UserId).ToList();
        db.PendingErasures.AddRange(unknown);
        await db.SaveChangesAsync(cancellationToken);
        return [.. known, .. unknown];
    }

    private static PendingErasure Like(PendingErasure other, string userId) => new()
    {
        Receipt = other.Receipt,
        UserId = userId,
        RequestedAt = other.RequestedAt,
        LeasedUntil = other.LeasedUntil,
    };
}

/// <summary>Users that are erased together.</summary>
/// <param name="Aliases">The person of each alias among them.</param>
internal sealed record PersonGroup(IReadOnlyList<PendingErasure> Pending, IReadOnlyDictionary<string, string> Aliases);
