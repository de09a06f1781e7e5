using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Refresh;

/// <summary>
/// Follows which model is active: reads it before the endpoints open and every second after. Makes this process's model the active one if the stores
/// name none yet, if Model:Activate says so, or if the stores belong to this process alone; and only once the endpoints are open, so that a start that
/// fails changes nothing.
/// </summary>
/// <param name="isShared">Whether other processes may use the stores, too.</param>
internal sealed partial class RolloutWorker(
    ModelRegistry registry,
    ProfileStore profiles,
    IDueQueue queue,
    IOptions<ModelOptions> options,
    TimeProvider time,
    ILogger<RolloutWorker> logger,
    bool isShared) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPauseOfMarks = TimeSpan.FromSeconds(5); // doubled at each try, for each goes over every user
    private static readonly TimeSpan LongestPauseOfMarks = TimeSpan.FromMinutes(5);

    private bool _mayActivate = options.Value.Activate || !isShared;
    private bool _isFirst = true;
    private bool _isToMark; // the users, for its own model, which it activated, or a start that broke off
    private long _triedToMark;
    private TimeSpan _beforeNextMark = FirstPauseOfMarks;
    private bool _failed;

    /// <summary>Before the endpoints open and the refresh begins.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var served = await profiles.FindServedModelAsync(cancellationToken);
        if (IsToActivate(served))
            registry.Expect(ServedModel.StampOf(served));
        else
            registry.Update(ServedModel.StampOf(served));
    }

    /// <summary>When the endpoints are open.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await TryLookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(BetweenLooks, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await TryLookAsync(stoppingToken);
        }
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
            _failed = false;
        }
        catch (Exception e)
        {
            if (!_failed && !cancellationToken.IsCancellationRequested)
                LogFailed(e);
            _failed = true; // once, until it succeeds again
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var served = await profiles.FindServedModelAsync(cancellationToken);
        if (IsToActivate(served))
        {
            await profiles.BeginServingAsync(registry.Own, isFirst: served is null, cancellationToken);
            served = await profiles.FindServedModelAsync(cancellationToken); // another start may have been quicker, or later
            _isToMark = IsMarking(served);
        }

        _isToMark |= _isFirst && IsMarking(served); // of a start that broke off, or goes on: twice does no harm
        (_isFirst, _mayActivate) = (false, false);
        registry.Update(ServedModel.StampOf(served));
        if (_isToMark && IsMarking(served))
            await MarkAsync(cancellationToken);
    }

    /// <summary>
    /// Whether to make this process's model the active one. A package that an earlier version of the service knew by another digest takes its own place.
    /// </summary>
    private bool IsToActivate(string? served)
    {
        if (ServedModel.StampOf(served) is not { } active)
            return _isFirst;
        return active.ToString() != registry.Own.ToString() && (_mayActivate || registry.Own.Is(active));
    }

    private bool IsMarking(string? served) => served == ServedModel.MarkingOf(registry.Own);

    /// <summary>Makes every user due. If some cannot be reached, the others are refreshed meanwhile, and it is tried again, less and less often.</summary>
    private async Task MarkAsync(CancellationToken cancellationToken)
    {
        if (_triedToMark != 0 && time.GetElapsedTime(_triedToMark) < _beforeNextMark)
            return;
        if (_triedToMark != 0)
            _beforeNextMark = TimeSpan.FromTicks(Math.Min(2 * _beforeNextMark.Ticks, LongestPauseOfMarks.Ticks));
        _triedToMark = time.GetTimestamp();
        await queue.MarkAllDueAsync(cancellationToken);
        await profiles.EndMarkingAsync(registry.Own, cancellationToken);
        (_isToMark, _triedToMark, _beforeNextMark) = (false, 0, FirstPauseOfMarks);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The active model could not be looked up, or not every user be made due for it; tried again")]
    private partial void LogFailed(Exception exception);
}
