using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>
/// Has the stores rewrite their files after erasures: Redis's files hold the commands that wrote the users' data, and SQLite's pages hold
/// copies of rows that were moved. Pauses after each rewrite, however many erasures there are.
/// </summary>
internal sealed partial class FileRewriteWorker(
    Erasures erasures,
    IWindowEraser windows,
    DatabaseEraser database,
    TimeProvider time,
    ILogger<FileRewriteWorker> logger,
    RedisFiles? redis = null) : BackgroundService
{
    private const int PauseFactor = 20; // a rewrite is followed by a pause of 20 times its length
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RedisRewriteInterval = TimeSpan.FromMinutes(1); // over all processes

    private long _ended; // the last rewrite
    private TimeSpan _pause;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RepeatedWork.RunAsync(RewriteAsync, PollInterval, time, LogFailed, stoppingToken);

    private async Task RewriteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        if (time.GetElapsedTime(_ended, began) < _pause)
            return;
        var gone = await erasures.FindGoneAsync(stoppingToken); // those that end later wait for the next rewrite
        if (gone.Count == 0)
            return;
        if (redis is not null)
        {
            if (!await redis.TryTakeTurnAsync(RedisRewriteInterval))
                return;
            await redis.RewriteAsync(stoppingToken);
        }

        await windows.RewriteAsync(stoppingToken);
        await database.RewriteAsync(stoppingToken);
        await erasures.SetDoneAsync(gone, stoppingToken);
        _ended = time.GetTimestamp();
        _pause = PauseFactor * time.GetElapsedTime(began, _ended);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "A store could not rewrite its files; retrying. Until then they may hold data of erased users")]
    private partial void LogFailed(Exception exception);
}
