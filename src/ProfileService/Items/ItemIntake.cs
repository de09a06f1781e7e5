using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Items;

/// <summary>Stores or deletes items, and brings this process's catalogue up to date.</summary>
internal sealed class ItemIntake(
    ItemParser parser, ItemStore store, CatalogueReader catalogue, IngestLimits limits, ModelRegistry models) : IIntake<CatalogueItem>
{
    public string Noun => "item";

    public CatalogueItem? Parse(ref Utf8JsonReader json, long index, UnknownFields unknown, out EntryProblem? problem) =>
        parser.Parse(ref json, index, null, out problem);

    /// <exception cref="OverloadedException">Too many batches are waiting already.</exception>
    public async Task StoreAsync(ParsedBatch<CatalogueItem> batch, IngestSummary summary, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
            return;
        await StoreAsync(batch.Parsed, cancellationToken);
        for (var i = 0; i < batch.Count; i++)
            summary.Count(Verdict.Accepted);
    }

    /// <exception cref="OverloadedException">Too many batches are waiting already.</exception>
    public Task StoreAsync(IReadOnlyList<CatalogueItem> items, CancellationToken cancellationToken) =>
        ChangeAsync(() => store.StoreAsync(items, cancellationToken), cancellationToken);

    /// <summary>Changes a stored item; returns it, or null if it is unknown.</summary>
    /// <exception cref="OverloadedException">Too many batches are waiting already.</exception>
    public async Task<CatalogueItem?> ChangeAsync(ItemChange change, CancellationToken cancellationToken)
    {
        CatalogueItem? changed = null;
        await ChangeAsync(async () => changed = await store.ChangeAsync(change, cancellationToken), cancellationToken);
        return changed;
    }

    /// <exception cref="OverloadedException">Too many batches are waiting already.</exception>
    public Task DeleteAsync(string itemId, CancellationToken cancellationToken) =>
        ChangeAsync(() => store.DeleteAsync(itemId, cancellationToken), cancellationToken);

    private async Task ChangeAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        models.ThrowIfOther();
        using var turn = await limits.AcquireAsync(cancellationToken);
        await change();
        await catalogue.CatchUpAsync(cancellationToken); // reads the items back: the store's order of changes is the same for every process
    }
}
