using System.Net;

namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    private const string Items = "v1/items";

    /// <summary>An item as its owner put it; null where nobody did.</summary>
    public Task<Item?> GetItemAsync(string itemId, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(Address.OfItem(itemId), ClientJson.Default.Item, cancellationToken);

    /// <summary>Says what an item is, in place of all that was said of it.</summary>
    /// <exception cref="ProfileServiceException">It is refused; <see cref="ProfileServiceException.Field"/> says for which field.</exception>
    public Task<Item> PutItemAsync(Item item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        var body = Bodies.Json(ItemBody.Of(item), ClientJson.Default.ItemBody);
        return _calls.ReadAsync(_calls.Put(Address.OfItem(item.ItemId), body), ClientJson.Default.Item, cancellationToken);
    }

    /// <summary>Says what many items are, in requests of up to 1,000. One that is rejected costs the others nothing.</summary>
    public Task<BatchResult> PutItemsAsync(IEnumerable<Item> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return PutAllAsync(Items, Bodies.Arrays(items, ClientJson.Default.Item), cancellationToken);
    }

    /// <summary>Says what items are as they come, in one request and bounded memory. A stream is not sent again where it breaks off or the service is busy: begin it anew.</summary>
    public Task<BatchResult> PutItemsAsync(IAsyncEnumerable<Item> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return PutAsync(Items, new NdjsonStream<Item>(items, ClientJson.Default.Item), cancellationToken);
    }

    /// <summary>Says what items are that are JSON already, one a line.</summary>
    /// <param name="ndjson">UTF-8.</param>
    public Task<BatchResult> PutItemLinesAsync(ReadOnlyMemory<byte> ndjson, CancellationToken cancellationToken = default) =>
        PutAsync(Items, Bodies.Ndjson(ndjson), cancellationToken);

    // Where every entry was rejected a service may answer with a problem that has the verdicts.
    private static async Task<BatchResult> ReadBatchAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.BadRequest)
            return await ServiceCalls.ReadAsync(response, ClientJson.Default.BatchResult, cancellationToken).ConfigureAwait(false);
        var problem = await Problem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        return problem?.Verdicts is { } verdicts
            ? new BatchResult(verdicts.Accepted, verdicts.Rejected, verdicts.Problems)
            : throw Problem.Exception(response, problem);
    }
}
