using Microsoft.Extensions.Options;
using ProfileService.Windows;

namespace ProfileService.Sentiment;

/// <summary>Removes old texts from windows once a day, or once in <see cref="WindowOptions.TextTtl"/> if that is shorter.</summary>
internal sealed partial class OldTextWorker(
    OldTexts texts, IOptions<WindowOptions> options, TimeProvider time, ILogger<OldTextWorker> logger) : BackgroundService
{
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var ttl = options.Value.TextTtl;
        if (ttl == TimeSpan.Zero)
            return;
        for (var wait = AfterStart; !stoppingToken.IsCancellationRequested; wait = ttl < LongestInterval ? ttl : LongestInterval)
        {
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
                await TryRemoveAsync(stoppingToken);
        }
    }

    private async Task TryRemoveAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await texts.RemoveAsync(stoppingToken) is > 0 and var windows)
                LogRemoved(windows);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed texts that are older than Windows:TextTtl from {Windows} windows")]
    private partial void LogRemoved(int windows);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Could not remove all texts that are older than Windows:TextTtl; retrying in a day, or in that time if it is shorter")]
    private partial void LogFailed(Exception exception);
}
