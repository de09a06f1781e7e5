using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;

namespace ProfileService.Items;

/// <summary>The items in the database of the profiles.</summary>
internal sealed class ItemStore(IDbContextFactory<ProfileDbContext> contexts, TimeProvider time)
{
    /// <summary>Returns the item; null if it is unknown.</summary>
    public async Task<CatalogueItem?> FindAsync(string itemId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Items.AsNoTracking().FirstOrDefaultAsync(i => i.ItemId == itemId && !i.IsDeleted, cancellationToken);
        return row is null ? null : ItemOf(row);
    }

    /// <summary>
    /// Stores items in one transaction; each replaces the stored one with its id. If an id occurs twice, the last item counts. When this
    /// returns, the items survive a crash.
    /// </summary>
    public async Task StoreAsync(IReadOnlyList<CatalogueItem> items, CancellationToken cancellationToken)
    {
        var last = new Dictionary<string, CatalogueItem>(StringComparer.Ordinal);
        foreach (var item in items)
            last[item.ItemId] = item;
        await StoreAsync(last.Values.Select(item => RowOf(item)), cancellationToken);
    }

    /// <summary>
    /// Stores the items that have no row yet, not even one that says they were deleted. If an id occurs twice, the first item counts.
    /// </summary>
    public async Task AddAsync(IReadOnlyList<CatalogueItem> items, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var first = items.DistinctBy(item => item.ItemId, StringComparer.Ordinal);
        await db.AddMissingAsync([.. first.Select(item => RowOf(item))], cancellationToken);
    }

    /// <summary>
    /// Changes a stored item in a transaction that excludes other changes of items; returns it, or null if it is unknown. When this
    /// returns, the change survives a crash.
    /// </summary>
    public async Task<CatalogueItem?> ChangeAsync(ItemChange change, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.WriteAsync(() => ChangeAsync(db, change, cancellationToken), isAlone: false, cancellationToken);
    }

    /// <summary>Stores that an item is deleted, whether or not anything is known of it. When this returns, that survives a crash.</summary>
    public Task DeleteAsync(string itemId, CancellationToken cancellationToken) =>
        StoreAsync([RowOf(new CatalogueItem(itemId, [], null, null, [], Available: false), isDeleted: true)], cancellationToken);

    /// <summary>
    /// Returns up to <paramref name="most"/> items that changed or were deleted after a revision, in the order of their revisions.
    /// </summary>
    /// <param name="withContent">Whether to read content vectors, which are the largest part of a row.</param>
    public async Task<IReadOnlyList<(CatalogueItem Item, bool IsDeleted, long Revision)>> FindChangedAsync(
        long after, int most, bool withContent, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var changed = db.Items.AsNoTracking().Where(i => i.Revision > after).OrderBy(i => i.Revision).Take(most);
        if (!withContent)
        {
            changed = changed.Select(i => new ItemRow
            {
                ItemId = i.ItemId,
                Categories = i.Categories,
                Price = i.Price,
                Title = i.Title,
                Labels = i.Labels,
                IsAvailable = i.IsAvailable,
                ExpiresAt = i.ExpiresAt,
                IsDeleted = i.IsDeleted,
                UpdatedAt = i.UpdatedAt,
                Revision = i.Revision,
            });
        }

        return [.. (await changed.ToListAsync(cancellationToken)).Select(row => (ItemOf(row), row.IsDeleted, row.Revision))];
    }

    /// <summary>
    /// Returns the highest revision below the <paramref name="newest"/> highest ones of items that are not deleted; 0 if there is none.
    /// </summary>
    public async Task<long> FindRevisionBeforeAsync(int newest, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var older = db.Items.Where(i => !i.IsDeleted).OrderByDescending(i => i.Revision).Skip(newest);
        return await older.Select(i => i.Revision).FirstOrDefaultAsync(cancellationToken);
    }

    public static CatalogueItem ItemOf(ItemRow row) => new(
        row.ItemId,
        JsonSerializer.Deserialize<string[]>(row.Categories)!,
        row.Price,
        row.Title,
        JsonSerializer.Deserialize<string[]>(row.Labels)!,
        row.Content is null ? null : VectorBytes.ToFloats(row.Content),
        row.IsAvailable,
        row.ExpiresAt);

    private async Task<CatalogueItem?> ChangeAsync(ProfileDbContext db, ItemChange change, CancellationToken cancellationToken)
    {
        await db.LockItemsAsync(cancellationToken);
        var id = change.Given.ItemId;
        if (await db.Items.FirstOrDefaultAsync(i => i.ItemId == id && !i.IsDeleted, cancellationToken) is not { } row)
            return null;
        var changed = change.ApplyTo(ItemOf(row));
        var highest = await db.Items.MaxAsync(i => i.Revision, cancellationToken);
        db.Entry(row).CurrentValues.SetValues(RowOf(changed, revision: highest + 1));
        await db.SaveChangesAsync(cancellationToken);
        return changed;
    }

    private async Task StoreAsync(IEnumerable<ItemRow> rows, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.UpsertAsync([.. rows], cancellationToken);
    }

    /// <param name="revision">0 if the database gives the next one.</param>
    private ItemRow RowOf(CatalogueItem item, bool isDeleted = false, long revision = 0) => new()
    {
        ItemId = item.ItemId,
        Categories = JsonSerializer.Serialize(item.Categories),
        Price = item.Price,
        Title = item.Title,
        Labels = JsonSerializer.Serialize(item.Labels),
        Content = item.Content is null ? null : VectorBytes.From([.. item.Content]),
        IsAvailable = item.Available,
        ExpiresAt = item.ExpiresAt,
        IsDeleted = isDeleted,
        UpdatedAt = time.GetUtcNow().UtcDateTime,
        Revision = revision,
    };
}
