using Microsoft.Extensions.Options;
using ProfileService.Model;

namespace ProfileService.Items;

/// <summary>Brings the catalogue up to date with the store. <see cref="CatalogueWorker"/> decides when, and whoever stores items.</summary>
internal sealed partial class CatalogueReader(
    ItemCatalogue catalogue, ItemStore store, ModelSlot models, IOptions<ItemOptions> options, ILogger<CatalogueReader> logger) : IDisposable
{
    private const int Page = 2_000; // items read at a time

    private readonly SemaphoreSlim _turn = new(1);
    private long _through = -1; // revision up to which everything is read; -1 before the first time
    private int _contentDimension; // of the content vectors that are kept
    private bool _isFull;

    /// <summary>Takes in every item that changed since the last time; whatever was stored before the call is known after it.</summary>
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

    /// <summary>From the start, where nothing is read yet or the model takes other content than what is kept.</summary>
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
        foreach (var (item, revision) in changed)
        {
            var fits = item.Content is null || item.Content.Count == _contentDimension;
            others += fits ? 0 : 1;
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
        {
            catalogue.Keep(item);
        }
        else if (!_isFull)
        {
            _isFull = true;
            LogFull(options.Value.MaxItems);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Model {Model} takes content vectors of {Taken} numbers, but Items:ContentDimension is {Given}: to the model every item's content is zero")]
    private partial void LogWithoutContent(string model, int taken, int given);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Items} items have a content vector of another length than {Dimension}, from before Items:ContentDimension changed; to the model it is zero until they are put again")]
    private partial void LogOtherContent(int items, int dimension);

    [LoggerMessage(Level = LogLevel.Warning, Message = "There are more items than {MaxItems}, which is all that is kept in memory: the model and recommendations do not know the others. Raise Items:MaxItems")]
    private partial void LogFull(int maxItems);
}
