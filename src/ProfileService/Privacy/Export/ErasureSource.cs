using Microsoft.EntityFrameworkCore;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Privacy.Export;

/// <summary>
/// That the user is to be erased or was: what waits, the entry in the ledger, the mark beside the windows, and the receipts, as far as they
/// can be told. A receipt has no id; that of the last erasure is found by the number in the ledger.
/// </summary>
internal sealed class ErasureSource(IDbContextFactory<ProfileDbContext> contexts, IErasureMarks marks, UserHash hashes) : IExportSource
{
    public async Task<IReadOnlyList<ExportSection>> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        var hash = hashes.Of(userId);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var pending = await db.PendingErasures.AsNoTracking().Where(p => p.UserId == userId).ToListAsync(cancellationToken);
        var entry = await db.ErasedUsers.AsNoTracking().SingleOrDefaultAsync(e => e.UserHash == hash, cancellationToken);
        var (asked, last) = (pending.ConvertAll(p => p.Receipt), entry is null ? "-" : $"{entry.Order:x16}");
        var receipts = await db.Erasures.AsNoTracking().Where(e => asked.Contains(e.Receipt) || e.Receipt.StartsWith(last))
            .OrderBy(e => e.RequestedAt).ToListAsync(cancellationToken);
        var mark = await marks.FindAsync(userId, cancellationToken);
        return
        [
            ExportSection.Of("pendingErasures", ["pending_erasures"], pending.ConvertAll(ExportedPending.From)),
            ExportSection.Of("receipts", [], receipts.ConvertAll(ErasureReceipt.From)),
            ExportSection.Of("ledger", ["erased_users"], entry is null ? [] : [ExportedEntry.From(entry)]),
            ExportSection.Of("mark", ["erased", "{p}:erased"], mark is { } found ? [ExportedMark.From(found)] : []),
        ];
    }
}

/// <summary>An erasure that was asked for and has not ended.</summary>
internal sealed record ExportedPending(string Receipt, DateTime RequestedAt, bool AreAttributesErased, DateTime LeasedUntil)
{
    public static ExportedPending From(PendingErasure p) => new(p.Receipt, p.RequestedAt, p.AreAttributesErased, p.LeasedUntil);
}

/// <summary>What the ledger has of a user that was erased.</summary>
internal sealed record ExportedEntry(
    string UserHash, DateTime ErasedAt, DateTime ErasedBefore, long RevisionFloor, int Partition, int Partitions, long Sequence)
{
    public static ExportedEntry From(ErasedUser e) => new(
        e.UserHash, e.ErasedAt, EventTime.ToUtc(e.ErasedBefore), e.RevisionFloor, e.Partition, e.Partitions, e.Sequence);
}

/// <summary>The mark that keeps out what is from before the erasure.</summary>
internal sealed record ExportedMark(DateTime ErasedBefore, long RevisionFloor)
{
    public static ExportedMark From(ErasureMark mark) => new(EventTime.ToUtc(mark.ErasedBefore), mark.Floor);
}
