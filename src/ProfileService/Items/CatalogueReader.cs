using Microsoft.Extensions.Options;
using ProfileService.Model;

namespace ProfileService.Items;

/// <summary>Brings the catalogue up to date with the store, for <see cref="CatalogueWorker"/> and after each write.</summary>
internal sealed partial class CatalogueReader(
    ItemCatalogue catalogue, ItemStore store, ModelSlot models, IOptions<ItemOptions> options, ILogger<CatalogueReader> logger)
    : IDisposable
{
    private const int Page = 2_000; // items per query

    private readonly SemaphoreSlim _turn = new(1);
    private long _through = -1; // revision of the last item read; -1 if none was read yet
    private int _contentDimension; // of the content vectors in the catalogue; 0 if it has none
    private bool _isFull;

    /// <summary>Reads all items that changed since the last call, including everything stored before this call.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await BeginAsync(cancellationToken);
            while (await ReadPageAsync(cancellationToken) == Page)
            {
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Starts over if nothing was read yet, or if the model reads other content vectors than the catalogue has.</summary>
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var model = models.Current;
        var taken = model.Encoder.ContentDimension == options.Value.ContentDimension ? options.Value.ContentDimension : 0;
        if (_through >= 0 && taken == _contentDimension)
            return;
        if (model.Encoder.ContentDimension > 0 && taken == 0)
            LogWithoutContent(model.Manifest.Id, model.Encoder.ContentDimension, options.Value.ContentDimension);
        _through = await store.FindRevisionBeforeAsync(options.Value.MaxItems, cancellationToken);
        _contentDimension = taken;
    }

    private async Task<int> ReadPageAsync(CancellationToken cancellationToken)
    {
        var changed = await store.FindChangedAsync(_through, Page, withContent: _contentDimension > 0, cancellationToken);
        var others = 0;
        foreach (var (item, isDeleted, revision) in changed)
        {
            var fits = item.Content is null || ItemContent.Fits(item.Content, _contentDimension);
            others += fits ? 0 : 1;
            if (isDeleted)
                Delete(item.ItemId);
            else
                Keep(fits ? item : item with { Content = null });
            _through = revision;
        }

        if (others > 0)
            LogOtherContent(others, _contentDimension);
        return changed.Count;
    }

    private void Keep(CatalogueItem item)
    {
        if (catalogue.Count < options.Value.MaxItems || catalogue.Find(item.ItemId) is not null)
            catalogue.Keep(item);
        else
            SayFull();
    }

    private void Delete(string itemId)
    {
        var isKept = catalogue.DeletedCount < options.Value.MaxItems || catalogue.IsDeleted(itemId);
        catalogue.Delete(itemId, isKept);
        if (!isKept)
            SayFull();
    }

    private void SayFull()
    {
        if (!_isFull)
            LogFull(options.Value.MaxItems);
        _isFull = true;
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Model {Model} takes content vectors of {Taken} numbers, but Items:ContentDimension is {Given}: " +
            "to the model every item's content is zero")]
    private partial void LogWithoutContent(string model, int taken, int given);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Items} items have a content vector of another length than {Dimension}, from before Items:ContentDimension changed, " +
            "or with numbers that are too large; to the model it is zero until they are put again")]
    private partial void LogOtherContent(int items, int dimension);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "There are more items, or more deleted ones, than {MaxItems}, which is all that is kept in memory: " +
            "the model and recommendations do not know the others. Raise Items:MaxItems")]
    private partial void LogFull(int maxItems);
}
