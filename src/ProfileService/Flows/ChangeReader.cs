using Microsoft.EntityFrameworkCore;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Storage;

namespace ProfileService.Flows;

/// <summary>
/// Reads pages of changes from the database. A user whose profile was stored several times since the cursor is told once, as the profile is
/// now. Deletions are read after the profiles of the page, and a profile that the ledger, the user's purposes or a merge refuse by then is
/// left out: so none is told after its deletion. A profile whose vector is not finite is left out, also where vectors are not asked for.
/// </summary>
internal sealed class ChangeReader(IDbContextFactory<ProfileDbContext> contexts, UserHash hashes, UserPurposes purposes)
{
    /// <param name="horizon">How far the changes went, and which model was active, before now.</param>
    /// <param name="limit">
    /// Maximum number of profiles; and, beside them, of erased users, of users whose purposes ended a profile, and of aliases.
    /// </param>
    public async Task<ChangePage> ReadAsync(
        ChangeCursor after, ChangeHorizon horizon, int limit, bool withVectors, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await FindProfilesAsync(db, after.Profiles, horizon, limit, cancellationToken);
        var pseudonyms = hashes.OfEach(rows.Select(row => row.UserId));
        var refusals = await Refusals.FindAsync(db, pseudonyms.Values, purposes.Default.HasFlag(Purpose.Profile), cancellationToken);
        List<FoundChange> changes =
        [
            .. rows.Where(row => VectorBytes.AreFinite(row.Vector) && !refusals.Cover(pseudonyms[row.UserId], row.Revision))
                .Select(row => new FoundChange(
                    after with { Profiles = row.Change },
                    row.UserId,
                    pseudonyms[row.UserId],
                    row.Model,
                    row.Revision,
                    row.ComputedAt,
                    withVectors ? row.Vector : null)),
        ];
        var next = after with { Profiles = rows.Count < limit ? Math.Max(after.Profiles, horizon.Profiles) : rows[^1].Change };
        next = await AddErasedAsync(db, changes, next, horizon.Erasures, limit, cancellationToken);
        next = await AddRefusedAsync(db, changes, next, horizon.Refusals, limit, cancellationToken);
        next = await AddAliasesAsync(db, changes, next, horizon.Aliases, limit, cancellationToken);
        return new ChangePage(changes, next);
    }

    private static async Task<List<Row>> FindProfilesAsync(
        ProfileDbContext db, long after, ChangeHorizon horizon, int limit, CancellationToken cancellationToken)
    {
        var (through, (id, digest, former)) = (horizon.Profiles, horizon.Model);
        return await db.Profiles.AsNoTracking()
            .Where(p => p.Change > after && p.Change <= through && p.Model == id && (p.Digest == digest || p.Digest == former))
            .Where(p => !db.Aliases.Any(a => a.UserId == p.UserId))
            .OrderBy(p => p.Change).Take(limit)
            .Select(p => new Row(p.Change, p.UserId, p.Model, p.Revision, p.ComputedAt, p.Vector))
            .ToListAsync(cancellationToken);
    }

    private static async Task<ChangeCursor> AddErasedAsync(
        ProfileDbContext db, List<FoundChange> changes, ChangeCursor next, long horizon, int limit, CancellationToken cancellationToken)
    {
        var after = next.Erasures;
        var erased = await db.ErasedUsers.AsNoTracking().Where(e => e.Sequence > after).OrderBy(e => e.Sequence).Take(limit)
            .Select(e => new { e.Sequence, e.UserHash, e.RevisionFloor }).ToListAsync(cancellationToken);
        foreach (var user in erased)
            changes.Add(FoundChange.Deletion(next = next with { Erasures = user.Sequence }, user.UserHash, user.RevisionFloor));
        return erased.Count < limit ? next with { Erasures = Math.Max(next.Erasures, horizon) } : next;
    }

    private static async Task<ChangeCursor> AddRefusedAsync(
        ProfileDbContext db, List<FoundChange> changes, ChangeCursor next, long horizon, int limit, CancellationToken cancellationToken)
    {
        var after = next.Refusals;
        var refused = await db.Purposes.AsNoTracking().Where(p => p.Sequence > after && p.IsLatest && !p.Profile)
            .OrderBy(p => p.Sequence).Take(limit).Select(p => new { p.Sequence, p.UserHash }).ToListAsync(cancellationToken);
        foreach (var user in refused)
            changes.Add(FoundChange.Deletion(next = next with { Refusals = user.Sequence }, user.UserHash, null));
        return refused.Count < limit ? next with { Refusals = Math.Max(next.Refusals, horizon) } : next;
    }

    private async Task<ChangeCursor> AddAliasesAsync(
        ProfileDbContext db, List<FoundChange> changes, ChangeCursor next, long horizon, int limit, CancellationToken cancellationToken)
    {
        var after = next.Aliases;
        var aliases = await db.Aliases.AsNoTracking().Where(a => a.Sequence > after).OrderBy(a => a.Sequence).Take(limit)
            .Select(a => new { a.Sequence, a.UserId }).ToListAsync(cancellationToken);
        foreach (var alias in aliases)
            changes.Add(FoundChange.Deletion(next = next with { Aliases = alias.Sequence }, hashes.Of(alias.UserId), null));
        return aliases.Count < limit ? next with { Aliases = Math.Max(next.Aliases, horizon) } : next;
    }

    private sealed record Row(long Change, string UserId, string Model, long Revision, DateTime ComputedAt, byte[] Vector);
}
