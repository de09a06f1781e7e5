using Microsoft.EntityFrameworkCore;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Privacy.Merging;

/// <summary>
/// Enters an alias in one transaction that has the database's lock alone, so that merges of the same ids, erasures and stored profiles come
/// before it or after it as a whole.
/// </summary>
internal sealed class AliasWriter(IDbContextFactory<ProfileDbContext> contexts, UserHash hashes, TimeProvider time)
{
    /// <summary>Maximum aliases of a person: merges, erasures and exports read all of them.</summary>
    public const int MaxAliases = 1_000;

    /// <param name="userId">The person, or an alias of the person.</param>
    /// <param name="from">What becomes an alias, with all aliases of its own.</param>
    /// <param name="erasedBefore">
    /// Of the mark of <paramref name="from"/>; 0 if it has none. The ledger counts as well: the windows may have lost a mark.
    /// </param>
    public async Task<(MergeOutcome Outcome, string PersonId)> EnterAsync(
        string userId, string from, long erasedBefore, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(async () =>
        {
            await db.LockPersonsAsync(cancellationToken);
            var known = await db.Aliases.Where(a => a.UserId == userId || a.UserId == from || a.PersonId == from)
                .ToListAsync(cancellationToken);
            var person = known.Find(a => a.UserId == userId)?.PersonId ?? userId;
            var outcome = await JudgeAsync(db, person, from, known, cancellationToken);
            if (outcome == MergeOutcome.Merged)
            {
                var hash = hashes.Of(from);
                var entered = await db.ErasedUsers.Where(e => e.UserHash == hash)
                    .MaxAsync(e => (long?)e.ErasedBefore, cancellationToken) ?? 0;
                var before = Math.Max(erasedBefore, entered);
                await EnterAsync(db, person, from, before, [.. known.Where(a => a.PersonId == from)], cancellationToken);
            }

            return (outcome, person);
        }, isAlone: true, cancellationToken);
    }

    private static async Task<MergeOutcome> JudgeAsync(
        ProfileDbContext db, string person, string from, List<AliasRow> known, CancellationToken cancellationToken)
    {
        if (person == from)
            return MergeOutcome.Cycle;
        if (known.Find(a => a.UserId == from) is { } alias)
            return alias.PersonId == person ? MergeOutcome.Known : MergeOutcome.OfAnother;
        if (await db.Aliases.CountAsync(a => a.PersonId == person, cancellationToken) + known.Count(a => a.PersonId == from) >= MaxAliases)
            return MergeOutcome.TooMany;
        List<string> ids = [person, from];
        return await db.PendingErasures.AnyAsync(
            p => ids.Contains(p.UserId) || db.Aliases.Any(a => a.UserId == p.UserId && ids.Contains(a.PersonId)), cancellationToken)
            ? MergeOutcome.ErasurePending
            : MergeOutcome.Merged;
    }

    private async Task EnterAsync(
        ProfileDbContext db,
        string person,
        string from,
        long erasedBefore,
        IReadOnlyList<AliasRow> ofFrom,
        CancellationToken cancellationToken)
    {
        var sequence = await db.AliasSequences.SingleOrDefaultAsync(cancellationToken)
            ?? db.AliasSequences.Add(new AliasSequence { Last = 0 }).Entity;
        foreach (var alias in ofFrom)
        {
            (alias.PersonId, alias.Sequence) = (person, ++sequence.Last);
            alias.ErasedBefore = Math.Max(alias.ErasedBefore, erasedBefore);
        }

        db.Aliases.Add(new AliasRow
        {
            UserId = from,
            PersonId = person,
            ErasedBefore = erasedBefore,
            MergedAt = time.GetUtcNow().UtcDateTime,
            Sequence = ++sequence.Last,
        });
        await db.SaveChangesAsync(cancellationToken);
    }
}

/// <summary>What became of a merge.</summary>
internal enum MergeOutcome
{
    Merged,

    /// <summary>It was an alias of the person before.</summary>
    Known,

    /// <summary>The person is already an alias of it.</summary>
    Cycle,

    /// <summary>It is an alias of somebody else.</summary>
    OfAnother,

    /// <summary>The person would have more than <see cref="AliasWriter.MaxAliases"/> aliases.</summary>
    TooMany,

    /// <summary>One of the two is being erased.</summary>
    ErasurePending,
}
