namespace ProfileService.Privacy;

/// <summary>
/// Has Redis rewrite its files after erasures, because the commands that wrote the users' data stand there until then. At most once a
/// minute, whatever the number of erasures and of processes.
/// </summary>
internal sealed partial class RedisRewriteWorker(
    Erasures erasures, RedisFiles files, TimeProvider time, ILogger<RedisRewriteWorker> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenRewrites = TimeSpan.FromMinutes(1);

    private bool _isLogged;

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
        if (!await erasures.IsAnyGoneAsync(began, stoppingToken) || !await files.TryTakeTurnAsync(BetweenRewrites))
            return;
        await files.RewriteAsync(stoppingToken);
        await erasures.SetDoneAsync(began, stoppingToken);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Redis could not be made to rewrite its files (BGREWRITEAOF, BGSAVE); tried again. Until then they hold data of erased users")]
    private partial void LogFailed(Exception exception);
}
