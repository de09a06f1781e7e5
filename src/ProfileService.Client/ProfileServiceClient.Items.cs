namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    private const string Items = "v1/items";

    /// <summary>Gets an item; null if it is unknown.</summary>
    /// <param name="itemId">1 to 128 characters.</param>
    public Task<CatalogueItem?> GetItemAsync(string itemId, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(Address.OfItem(itemId), ClientJson.Default.CatalogueItem, cancellationToken);

    /// <summary>Finds items of the catalogue, in the order of ids.</summary>
    /// <param name="query">Part of the title, or the start of the id, in upper or lower case; null or empty for all items.</param>
    /// <param name="after">The <see cref="ItemPage.Next"/> of the page before; null for the first page.</param>
    /// <param name="count">Number of items at most, 1 to 1,000.</param>
    public Task<ItemPage> FindItemsAsync(
        string? query = null, string? after = null, int count = 100, CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(
            _calls.Get(Address.Query(Items, ("after", after), ("count", count), ("query", query))),
            ClientJson.Default.ItemPage,
            cancellationToken);

    /// <summary>Finds items that are like an item; null if nothing is known of the item.</summary>
    /// <param name="itemId">1 to 128 characters.</param>
    /// <param name="count">Number of items at most, 1 to 1,000.</param>
    /// <param name="categories">Keeps only items of these categories, up to 64; null for all.</param>
    /// <param name="by">
    /// <c>neighbours</c> for those that users met shortly before or after the item; null for those whose vectors are nearest.
    /// </param>
    /// <exception cref="ProfileServiceException">
    /// 409: the active model has no item vectors, or no neighbours; the detail says what to do.
    /// </exception>
    public Task<SimilarItems?> GetSimilarItemsAsync(
        string itemId,
        int count = 20,
        IEnumerable<string>? categories = null,
        string? by = null,
        CancellationToken cancellationToken = default)
    {
        var names = (categories ?? []).Select(category => ("categories", (object?)category));
        var path = Address.Query($"{Address.OfItem(itemId)}/similar", [("by", by), ("count", count), .. names]);
        return _calls.FindAsync(path, ClientJson.Default.SimilarItems, cancellationToken);
    }

    /// <summary>Replaces what is known of an item.</summary>
    /// <param name="item">What it is now.</param>
    /// <returns>The item as stored.</returns>
    /// <exception cref="ProfileServiceException">
    /// The item was rejected; <see cref="ProfileServiceException.Field"/> names the field at fault.
    /// </exception>
    public Task<CatalogueItem> PutItemAsync(CatalogueItem item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        var body = Bodies.Json(ItemBody.Of(item), ClientJson.Default.ItemBody);
        return _calls.ReadAsync(_calls.Put(Address.OfItem(item.ItemId), body), ClientJson.Default.CatalogueItem, cancellationToken);
    }

    /// <summary>Changes some of what is known of an item; nobody else's change of it is lost.</summary>
    /// <param name="itemId">1 to 128 characters.</param>
    /// <param name="changes">What changes; the rest stays as it is.</param>
    /// <returns>The item as stored; null if it is unknown.</returns>
    /// <exception cref="ProfileServiceException">
    /// The changes were rejected; <see cref="ProfileServiceException.Field"/> names the field at fault.
    /// </exception>
    public Task<CatalogueItem?> PatchItemAsync(string itemId, ItemChanges changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var body = Bodies.Json(changes.Patch(), ClientJson.Default.JsonObject);
        return _calls.FindAsync(_calls.Patch(Address.OfItem(itemId), body), ClientJson.Default.CatalogueItem, cancellationToken);
    }

    /// <summary>
    /// Deletes an item: what is known of it is gone, and it is not recommended any more until it is put again. One of which nothing is
    /// known is deleted, too.
    /// </summary>
    /// <param name="itemId">1 to 128 characters.</param>
    public Task DeleteItemAsync(string itemId, CancellationToken cancellationToken = default) =>
        _calls.SendAsync(_calls.Delete(Address.OfItem(itemId)), cancellationToken);

    /// <summary>Replaces what is known of many items, in requests of up to 1,000. A rejected item does not affect the others.</summary>
    /// <param name="items">Any number.</param>
    public Task<BatchSummary> PutItemsAsync(IEnumerable<CatalogueItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return PutAllAsync(Items, Bodies.Arrays(items, ClientJson.Default.CatalogueItem), cancellationToken);
    }

    /// <summary>
    /// Replaces what is known of items as they come, in one request and bounded memory. A stream that breaks off, or meets a busy service,
    /// is not retried: start it again.
    /// </summary>
    /// <param name="items">Any number.</param>
    public Task<BatchSummary> PutItemsAsync(IAsyncEnumerable<CatalogueItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return PutAsync(Items, new NdjsonStream<CatalogueItem>(items, ClientJson.Default.CatalogueItem), cancellationToken);
    }

    /// <summary>Sends items that are already JSON, one per line.</summary>
    /// <param name="ndjson">UTF-8.</param>
    public Task<BatchSummary> PutItemLinesAsync(ReadOnlyMemory<byte> ndjson, CancellationToken cancellationToken = default) =>
        PutAsync(Items, Bodies.Ndjson(ndjson), cancellationToken);
}
