using Microsoft.EntityFrameworkCore;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Storage;

namespace ProfileService.Flows;

/// <summary>
/// Reads all profiles of a model page by page, in the order of user ids. It keeps no snapshot of the record while a client reads: that
/// would keep Postgres from clearing away former rows, and SQLite from emptying the log of erased users. What changes meanwhile is told
/// after the cursor of the export's begin.
/// </summary>
internal sealed class ProfileExport(IDbContextFactory<ProfileDbContext> contexts, UserHash hashes, UserPurposes purposes)
{
    public const int PageSize = 2_000;

    /// <param name="after">A user id; empty for the first page.</param>
    /// <param name="count">From 1.</param>
    public async Task<ExportPage> ReadAsync(ModelStamp model, string after, int count, CancellationToken cancellationToken)
    {
        var (id, digest, former) = model;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Profiles.AsNoTracking()
            .Where(p => p.Model == id && (p.Digest == digest || p.Digest == former) && string.Compare(p.UserId, after) > 0)
            .OrderBy(p => p.UserId).Take(count)
            .Select(p => new ExportedRow(p.UserId, p.Revision, p.ComputedAt, p.Vector))
            .ToListAsync(cancellationToken);
        var pseudonyms = hashes.OfEach(rows.Select(row => row.UserId));
        var refusals = await Refusals.FindAsync(db, pseudonyms.Values, purposes.Default.HasFlag(Purpose.Profile), cancellationToken);
        return new ExportPage(
            [.. rows.Select(row => (row, pseudonyms[row.UserId])).Where(line => !refusals.Cover(line.Item2, line.row.Revision))],
            rows.Count < count ? null : rows[^1].UserId);
    }
}

/// <summary>A page of an export.</summary>
/// <param name="Next">The last user id if there may be more; null otherwise.</param>
internal sealed record ExportPage(IReadOnlyList<(ExportedRow Row, string Pseudonym)> Lines, string? Next);
