using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>The ledger of erased users in the database. Its rows are never removed.</summary>
internal sealed class Ledger(IDbContextFactory<ProfileDbContext> contexts, UserHash hashes, TimeProvider time)
{
    private const int PageSize = 1_000;

    /// <summary>
    /// Enters users. When this returns, whoever stores profiles or archives events knows of it. Returns the sequence of the last entry.
    /// </summary>
    public async Task<long> EnterAsync(IReadOnlyList<LedgerMark> marks, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(async () =>
        {
            var asked = marks.Select(m => m.UserHash).ToList();
            var known = await db.ErasedUsers.Where(e => asked.Contains(e.UserHash)).ToDictionaryAsync(e => e.UserHash, cancellationToken);
            var sequence = await db.ErasedUsers.MaxAsync(e => (long?)e.Sequence, cancellationToken) ?? 0;
            foreach (var mark in marks)
            {
                sequence++;
                if (known.TryGetValue(mark.UserHash, out var row))
                    Change(row, mark, now, sequence);
                else
                    db.ErasedUsers.Add(known[mark.UserHash] = RowOf(mark, now, sequence));
            }

            await db.SaveChangesAsync(cancellationToken);
            return sequence;
        }, isAlone: true, cancellationToken);
    }

    /// <summary>All entries since a time, page by page, the last one first.</summary>
    /// <param name="withLast">Whether the last 1,000 are among them whatever their times.</param>
    public async IAsyncEnumerable<IReadOnlyList<LedgerMark>> ReadAsync(
        DateTime since, bool withLast, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = long.MaxValue;
        while (await ReadPageBeforeAsync(before, cancellationToken) is { Count: > 0 } page)
        {
            var isWhole = withLast && before == long.MaxValue;
            yield return [.. page.Where(e => isWhole || e.ErasedAt >= since).Select(MarkOf)];
            if (page.All(e => e.ErasedAt < since)) // not at the first: the clocks of those who entered them differ
                yield break;
            before = page[^1].Sequence;
        }
    }

    /// <summary>The entries after a sequence, up to 1,000.</summary>
    public async Task<IReadOnlyList<ErasedUser>> ReadPageAsync(long after, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ErasedUsers.AsNoTracking().Where(e => e.Sequence > after).OrderBy(e => e.Sequence).Take(PageSize)
            .ToListAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<ErasedUser>> ReadPageBeforeAsync(long before, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ErasedUsers.AsNoTracking().Where(e => e.Sequence < before).OrderByDescending(e => e.Sequence).Take(PageSize)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The sequence of the last entry; 0 if nobody was erased.</summary>
    public async Task<long> FindLastAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ErasedUsers.MaxAsync(e => (long?)e.Sequence, cancellationToken) ?? 0;
    }

    /// <summary>The marks of those of the users that were erased, by user.</summary>
    public async Task<IReadOnlyDictionary<string, ErasedUser>> FindAsync(
        IEnumerable<string> userIds, CancellationToken cancellationToken)
    {
        var users = userIds.Distinct().ToDictionary(hashes.Of, id => id);
        var asked = users.Keys.ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.ErasedUsers.AsNoTracking().Where(e => asked.Contains(e.UserHash)).ToListAsync(cancellationToken);
        return found.ToDictionary(e => users[e.UserHash]);
    }

    /// <summary>Those of the marks that the ledger lacks, or has only of an earlier erasure.</summary>
    public async Task<IReadOnlyList<LedgerMark>> FindUnknownAsync(IReadOnlyList<LedgerMark> marks, CancellationToken cancellationToken)
    {
        var asked = marks.Select(m => m.UserHash).ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await db.ErasedUsers.AsNoTracking().Where(e => asked.Contains(e.UserHash))
            .ToDictionaryAsync(e => e.UserHash, MarkOf, cancellationToken);
        return [.. marks.Where(m => !known.TryGetValue(m.UserHash, out var entered) || m.Mark.IsAbove(entered.Mark))];
    }

    public static LedgerMark MarkOf(ErasedUser row) =>
        new(row.UserHash, row.Partition, row.Partitions, new ErasureMark(row.ErasedBefore, row.RevisionFloor, row.Order));

    private static ErasedUser RowOf(LedgerMark mark, DateTime now, long sequence) => new()
    {
        UserHash = mark.UserHash,
        Partition = mark.Partition,
        Partitions = mark.Partitions,
        ErasedBefore = mark.Mark.ErasedBefore,
        RevisionFloor = mark.Mark.Floor,
        Order = mark.Mark.Order,
        ErasedAt = now,
        Sequence = sequence,
    };

    private static void Change(ErasedUser row, LedgerMark mark, DateTime now, long sequence)
    {
        (row.Partition, row.Partitions, row.Order) = (mark.Partition, mark.Partitions, mark.Mark.Order);
        row.ErasedBefore = Math.Max(row.ErasedBefore, mark.Mark.ErasedBefore);
        row.RevisionFloor = Math.Max(row.RevisionFloor, mark.Mark.Floor);
        (row.ErasedAt, row.Sequence) = (now, sequence);
    }
}
