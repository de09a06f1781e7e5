using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Items;

/// <summary>Reads the stored items page by page, in the order of their ids.</summary>
internal sealed class ItemPages(IDbContextFactory<ProfileDbContext> contexts)
{
    private const int Batch = 2_000; // items per query; texts are compared here, because case folding of databases differs
    private const int MaxRead = 100_000; // items that one page looks through
    private const int MaxStored = 512 << 10; // bytes of rows, about, of one page, which is in memory until it is sent

    /// <param name="after">The ids come after this one; empty for all.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="query">Part of the title, or the start of the id; empty for all items.</param>
    public async Task<ItemPage> ReadAsync(string after, int count, string query, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (found, follows) = await FindAsync(db, after, count, query, cancellationToken);
        var (ids, next) = Fitting(found, follows);
        var rows = await Stored(db).Where(i => ids.Contains(i.ItemId)).ToListAsync(cancellationToken);
        var items = rows.ToDictionary(row => row.ItemId, ItemStore.ItemOf, StringComparer.Ordinal);
        return new ItemPage([.. ids.Where(items.ContainsKey).Select(id => items[id])], next); // one may be deleted meanwhile
    }

    private static async Task<(List<Found> Items, string? Next)> FindAsync(
        ProfileDbContext db, string after, int count, string query, CancellationToken cancellationToken)
    {
        var size = query.Length == 0 ? count + 1 : Batch; // one more, which tells whether another page follows
        var found = new List<Found>();
        for (var read = 0; read < MaxRead; read += size)
        {
            var batch = await FindBatchAsync(db, after, size, cancellationToken);
            found.AddRange(batch.Where(i => Matches(i, query)).Take(count + 1 - found.Count));
            if (found.Count > count)
                return (found[..count], found[count - 1].ItemId);
            if (batch.Count < size)
                return (found, null);
            after = batch[^1].ItemId;
        }

        return (found, after);
    }

    /// <summary>As many of the items as a page holds, and at least one.</summary>
    private static (List<string> Ids, string? Next) Fitting(List<Found> found, string? next)
    {
        var stored = 0L;
        List<string> ids = [.. found.TakeWhile((item, i) => (stored += item.Stored) <= MaxStored || i == 0).Select(item => item.ItemId)];
        return (ids, ids.Count < found.Count ? ids[^1] : next);
    }

    private static Task<List<Found>> FindBatchAsync(ProfileDbContext db, string after, int count, CancellationToken cancellationToken) =>
        Stored(db).Where(i => string.Compare(i.ItemId, after) > 0).OrderBy(i => i.ItemId).Take(count)
            .Select(i => new Found(i.ItemId, i.Title, (i.Content == null ? 0 : i.Content.Length) + i.Labels.Length + i.Categories.Length))
            .ToListAsync(cancellationToken);

    private static IQueryable<ItemRow> Stored(ProfileDbContext db) => db.Items.AsNoTracking().Where(i => !i.IsDeleted);

    private static bool Matches(Found item, string query) =>
        item.Title?.Contains(query, StringComparison.OrdinalIgnoreCase) == true
        || item.ItemId.StartsWith(query, StringComparison.OrdinalIgnoreCase);

    private sealed record Found(string ItemId, string? Title, int Stored);
}
