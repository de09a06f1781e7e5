namespace ProfileService.Events;

/// <summary>Opens the archive before the service listens, so that one that cannot be used stops the start.</summary>
internal sealed class EventArchiveStart(EventArchive archive) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => archive.OpenAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
