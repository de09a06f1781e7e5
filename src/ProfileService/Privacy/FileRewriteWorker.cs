using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>
/// Has the stores write their files anew after erasures: Redis's hold the commands that wrote the users' data, and pages of SQLite copies
/// of rows that it moved. However many erasures there are, not more often than once in a while.
/// </summary>
internal sealed partial class FileRewriteWorker(
    Erasures erasures,
    IWindowEraser windows,
    RecordEraser record,
    TimeProvider time,
    ILogger<FileRewriteWorker> logger,
    RedisFiles? redis = null) : BackgroundService
{
    private const int Share = 20; // of the time, at most one part goes to rewriting
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenRewritesOfRedis = TimeSpan.FromMinutes(1); // of all processes

    private bool _isLogged;
    private DateTime _notBefore;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RewriteAsync(stoppingToken);
                _isLogged = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!_isLogged)
                    LogFailed(e);
                _isLogged = true; // until it succeeds
            }

            await Task.Delay(BetweenLooks, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RewriteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetUtcNow().UtcDateTime;
        if (began < _notBefore || !await erasures.IsAnyGoneAsync(began, stoppingToken))
            return;
        if (redis is not null)
        {
            if (!await redis.TryTakeTurnAsync(BetweenRewritesOfRedis))
                return;
            await redis.RewriteAsync(stoppingToken);
        }

        await windows.RewriteAsync(stoppingToken);
        await record.RewriteAsync(stoppingToken);
        await erasures.SetDoneAsync(began, stoppingToken);
        var now = time.GetUtcNow().UtcDateTime;
        _notBefore = now + (Share * (now - began));
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "A store could not be made to write its files anew; tried again. Until then they may hold data of erased users")]
    private partial void LogFailed(Exception exception);
}
