using Microsoft.Extensions.Options;
using ProfileService.Platform;

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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RepeatedWork.RunAsync(reader.CatchUpAsync, options.Value.PollInterval, time, LogFailed, stoppingToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Items} items are known")]
    private partial void LogLoaded(int items);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not read changed items; retrying every Items:PollInterval")]
    private partial void LogFailed(Exception exception);
}
