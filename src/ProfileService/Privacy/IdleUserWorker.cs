using Microsoft.Extensions.Options;

namespace ProfileService.Privacy;

/// <summary>Deletes what is left of idle users once a day.</summary>
/// <param name="deletes">Whether this process deletes, and not only follows what others deleted.</param>
internal sealed partial class IdleUserWorker(
    IdleUsers users, IOptions<PrivacyOptions> options, TimeProvider time, ILogger<IdleUserWorker> logger, bool deletes) : BackgroundService
{
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.IdleTtl == TimeSpan.Zero)
            return;
        var wait = AfterStart;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = Interval;
            try
            {
                if (deletes && await users.DropAsync(stoppingToken) is > 0 and var dropped)
                    LogDropped(dropped);
                await users.ForgetAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Deleted profiles or attributes of {Users} users of whom nothing came for Privacy:IdleTtl")]
    private partial void LogDropped(int users);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not delete what is left of idle users; retrying in a day")]
    private partial void LogFailed(Exception exception);
}
