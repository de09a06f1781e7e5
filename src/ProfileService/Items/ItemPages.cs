using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Items;

/// <summary>Reads the items of record page by page, in the order of their ids.</summary>
internal sealed class ItemPages(IDbContextFactory<ProfileDbContext> contexts)
{
    private const int Batch = 2_000; // items per query; texts are compared here, because case folding of databases differs
    private const int MostRead = 100_000; // items that one page looks through

    /// <param name="after">The ids come after this one; empty for all.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="query">Part of the title, or the start of the id; empty for all items.</param>
    public async Task<ItemPage> ReadAsync(string after, int count, string query, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (ids, next) = await FindAsync(db, after, count, query, cancellationToken);
        var rows = await Stored(db).Where(i => ids.Contains(i.ItemId)).ToListAsync(cancellationToken);
        var items = rows.ToDictionary(row => row.ItemId, ItemStore.ItemOf, StringComparer.Ordinal);
        return new ItemPage([.. ids.Where(items.ContainsKey).Select(id => items[id])], next); // one may be deleted meanwhile
    }

    private static async Task<(List<string> Ids, string? Next)> FindAsync(
        ProfileDbContext db, string after, int count, string query, CancellationToken cancellationToken)
    {
        var size = query.Length == 0 ? count + 1 : Batch; // one more, which tells whether another page follows
        var found = new List<string>();
        for (var read = 0; read < MostRead; read += size)
        {
            var batch = await FindTitlesAsync(db, after, size, cancellationToken);
            found.AddRange(batch.Where(i => Matches(i, query)).Select(i => i.ItemId).Take(count + 1 - found.Count));
            if (found.Count > count)
                return (found[..count], found[count - 1]);
            if (batch.Count < size)
                return (found, null);
            after = batch[^1].ItemId;
        }

        return (found, after);
    }

    private static Task<List<Titled>> FindTitlesAsync(ProfileDbContext db, string after, int count, CancellationToken cancellationToken) =>
        Stored(db).Where(i => string.Compare(i.ItemId, after) > 0)
            .OrderBy(i => i.ItemId).Take(count).Select(i => new Titled(i.ItemId, i.Title)).ToListAsync(cancellationToken);

    private static IQueryable<ItemRow> Stored(ProfileDbContext db) => db.Items.AsNoTracking().Where(i => !i.IsDeleted);

    private static bool Matches(Titled item, string query) =>
        item.Title?.Contains(query, StringComparison.OrdinalIgnoreCase) == true
        || item.ItemId.StartsWith(query, StringComparison.OrdinalIgnoreCase);

    private sealed record Titled(string ItemId, string? Title);
}
