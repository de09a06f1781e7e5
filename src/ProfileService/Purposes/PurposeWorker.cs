using ProfileService.Platform;

namespace ProfileService.Purposes;

/// <summary>Reads all users' purposes at start, and every second what changed.</summary>
internal sealed partial class PurposeWorker(
    PurposeStore store, UserPurposes purposes, TimeProvider time, ILogger<PurposeWorker> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RepeatedWork.RunAsync(ReadAsync, PollInterval, time, LogFailed, stoppingToken);

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (await store.ReadPageAsync(purposes.LastRead, cancellationToken) is { Count: > 0 } page)
            purposes.TakeRead(page);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Cannot read changes of users' purposes; retrying every second. Until then the known purposes apply")]
    private partial void LogFailed(Exception exception);
}
