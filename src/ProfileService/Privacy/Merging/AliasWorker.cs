using ProfileService.Windows;

namespace ProfileService.Privacy.Merging;

/// <summary>
/// Moves what lies under aliases: a window that is there when the process learns of an alias, or that the refresh came upon, at once;
/// merges that were cut off, after some seconds; attributes that were put by a process that did not know an alias, a minute after its
/// merge; and once an hour every window under an alias, for a store may have lost that it was moved.
/// </summary>
internal sealed partial class AliasWorker(
    AliasStore store,
    AliasMover mover,
    UserAliases aliases,
    MisplacedWindows misplaced,
    IAliasWindows aliasWindows,
    IWindowStore windows,
    TimeProvider time,
    ILogger<AliasWorker> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ScanInterval = TimeSpan.FromHours(1);

    private DateTimeOffset _lookedAgain = time.GetUtcNow() - Again; // for aliases that were moved until a minute before
    private (long Since, TimeSpan Length) _untilAgain;
    private (long Since, TimeSpan Length) _untilScan;
    private (long Since, TimeSpan Length) _untilLog; // that a window cannot be read
    private int _failures;

    /// <summary>Moves what the refresh came upon, and what is left of merges.</summary>
    public async Task MoveAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await MoveMisplacedAsync(cancellationToken);
        foreach (var alias in await store.FindUnmovedAsync((now - PollInterval).UtcDateTime, cancellationToken))
            await TryMoveAsync(alias, onlyIfWindow: false, cancellationToken);
        if (IsOver(_untilAgain))
            await MoveAgainAsync(now, cancellationToken);
        if (aliases.IsAny && IsOver(_untilScan))
            await ScanAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await MoveAsync(stoppingToken);
                _failures = 0;
            }
            catch (Exception e)
            {
                if (_failures++ == 0 && !stoppingToken.IsCancellationRequested)
                    LogAway(e);
            }

            await misplaced.WaitAsync(PollInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task MoveMisplacedAsync(CancellationToken cancellationToken)
    {
        while (misplaced.Take() is { } alias)
        {
            try
            {
                await TryMoveAsync(alias, onlyIfWindow: true, cancellationToken);
            }
            catch
            {
                misplaced.PutBack(alias);
                throw;
            }
        }
    }

    private async Task MoveAgainAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = (_lookedAgain - Again).UtcDateTime;
        foreach (var alias in await store.FindMovedAsync(since, (now - Again).UtcDateTime, cancellationToken))
            await TryMoveAsync(alias, onlyIfWindow: false, cancellationToken);
        (_lookedAgain, _untilAgain) = (now, Pause(Again));
    }

    /// <summary>Moves every window that lies under an alias. A scan that fails is repeated after a minute.</summary>
    public async Task ScanAsync(CancellationToken cancellationToken)
    {
        _untilScan = Pause(Again);
        await foreach (var page in windows.ReadUsersAsync(cancellationToken))
        {
            foreach (var alias in page.Where(id => aliases.Find(id) is not null))
                await TryMoveAsync(alias, onlyIfWindow: false, cancellationToken);
        }

        _untilScan = Pause(ScanInterval);
    }

    private async Task TryMoveAsync(string alias, bool onlyIfWindow, CancellationToken cancellationToken)
    {
        try
        {
            if (!onlyIfWindow || await aliasWindows.FindAsync(alias, cancellationToken) is not null)
                await mover.MoveAsync(alias, cancellationToken);
        }
        catch (UnreadableWindowException) // logged where it was read; the others go on
        {
            SayUnreadable();
        }
    }

    private void SayUnreadable()
    {
        if (!IsOver(_untilLog))
            return;
        _untilLog = Pause(LogInterval);
        LogUnreadable();
    }

    // By a clock that nobody sets.
    private (long Since, TimeSpan Length) Pause(TimeSpan length) => (time.GetTimestamp(), length);

    private bool IsOver((long Since, TimeSpan Length) pause) => time.GetElapsedTime(pause.Since) >= pause.Length;

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Cannot read a window under an alias, or that of its person, so they are not merged yet; retrying")]
    private partial void LogUnreadable();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot move what lies under aliases; retrying every few seconds")]
    private partial void LogAway(Exception exception);
}
