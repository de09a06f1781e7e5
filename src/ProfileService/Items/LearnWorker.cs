using ProfileService.Platform;

namespace ProfileService.Items;

/// <summary>Stores the items that <see cref="ItemLearner"/> gathers, once a second. An item that anybody put is left as it is.</summary>
internal sealed partial class LearnWorker(
    ItemLearner learner, ItemStore store, CatalogueReader reader, TimeProvider time, ILogger<LearnWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failed = false;
        while (learner.IsOn && !stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var items = learner.Take();
            if (items.Count == 0)
                continue;
            try
            {
                await store.AddAsync(items, stoppingToken);
                await reader.CatchUpAsync(stoppingToken);
                learner.Forget(items);
                failed = false;
            }
            catch (Exception e) when (StoreFailure.Is(e) || e is OperationCanceledException)
            {
                learner.PutBack(items);
                if (!failed && e is not OperationCanceledException)
                    LogFailed(e, items.Count);
                failed = true; // logged once until one succeeds again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not store {Items} items of events; retrying every second")]
    private partial void LogFailed(Exception exception, int items);
}
