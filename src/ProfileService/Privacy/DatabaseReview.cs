using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using ProfileService.Events;
using ProfileService.Similar;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>Finds rows of erased users in the database, for example after a backup was restored, and deletes them.</summary>
internal sealed class DatabaseReview(
    IDbContextFactory<ProfileDbContext> contexts,
    Ledger ledger,
    DatabaseEraser eraser,
    PgvectorTable? vectors = null,
    ArchiveEraser? archive = null)
{
    private const int PageSize = 1_000;

    /// <summary>Compares every user of the database with the ledger; returns the number of rows deleted.</summary>
    public async Task<int> EraseReappearedAsync(CancellationToken cancellationToken)
    {
        var deleted = 0;
        await foreach (var page in ReadUsersAsync(cancellationToken))
        {
            var erased = await ledger.FindAsync(page, cancellationToken);
            if (erased.Count > 0)
                deleted += await EraseAsync(erased, cancellationToken);
        }

        return deleted;
    }

    private async Task<int> EraseAsync(IReadOnlyDictionary<string, ErasedUser> erased, CancellationToken cancellationToken)
    {
        var marks = erased.ToDictionary(e => e.Key, e => new ErasureMark(e.Value.ErasedBefore, e.Value.RevisionFloor, e.Value.Order));
        var deleted = await eraser.EraseProfilesAsync(marks, cancellationToken);
        if (vectors is not null)
            deleted += await vectors.DeleteAsync([.. marks.Keys], [.. marks.Values.Select(m => m.Floor)], cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var (userId, user) in erased)
        {
            deleted += await db.Aliases.Where(a => (a.UserId == userId || a.PersonId == userId) && a.MergedAt <= user.ErasedAt)
                .ExecuteDeleteAsync(cancellationToken);
            deleted += await db.Attributes.Where(a => a.UserId == userId && a.UpdatedAt <= user.ErasedAt)
                .ExecuteDeleteAsync(cancellationToken);
            if (archive is not null)
                deleted += await archive.DeleteAsync([new ArchivedUser(userId, user.ErasedBefore)], DateTime.UnixEpoch, cancellationToken);
        }

        return deleted;
    }

    private async IAsyncEnumerable<IReadOnlyList<string>> ReadUsersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<string>[] tables =
        [
            db.Profiles.Select(p => p.UserId), db.Attributes.Select(a => a.UserId),
            db.Aliases.Select(a => a.UserId), db.Aliases.Select(a => a.PersonId),
        ];
        foreach (var table in tables)
        {
            for (var after = ""; ;)
            {
                var from = after;
                var page = await table.Where(id => string.Compare(id, from) > 0).Distinct().OrderBy(id => id).Take(PageSize)
                    .ToListAsync(cancellationToken);
                if (page.Count == 0)
                    break;
                yield return page;
                after = page[^1];
            }
        }

        if (archive is null)
            yield break;
        await foreach (var page in archive.ReadUsersAsync(cancellationToken).Chunk(PageSize).WithCancellation(cancellationToken))
            yield return page;
    }
}
