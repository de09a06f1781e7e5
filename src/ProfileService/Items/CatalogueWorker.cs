using Microsoft.Extensions.Options;

namespace ProfileService.Items;

/// <summary>Reads the catalogue at start, then every Items:PollInterval the changes that other processes stored.</summary>
internal sealed partial class CatalogueWorker(
    CatalogueReader reader, ItemCatalogue catalogue, IOptions<ItemOptions> options, TimeProvider time, ILogger<CatalogueWorker> logger)
    : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await reader.CatchUpAsync(cancellationToken);
        if (catalogue.Count > 0)
            LogLoaded(catalogue.Count);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.Value.PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await reader.CatchUpAsync(stoppingToken);
                failed = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (!failed)
                    LogFailed(e);
                failed = true; // logged once until a read succeeds again
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Items} items are known")]
    private partial void LogLoaded(int items);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changed items could not be read; tried again every Items:PollInterval")]
    private partial void LogFailed(Exception exception);
}
