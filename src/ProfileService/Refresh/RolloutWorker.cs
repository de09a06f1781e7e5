using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Refresh;

/// <summary>
/// Follows which model is active: reads it before the endpoints open, and every second after that. Activates this process's model if no
/// model is active yet, if Model:Activate is set, or if the stores belong to this process alone. It does so after the endpoints are open,
/// so that a failed start changes nothing. While users have to be made due for this process's model, it makes them due.
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
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPauseOfMarks = TimeSpan.FromSeconds(5); // doubled after each attempt, which visits every user
    private static readonly TimeSpan LongestPauseOfMarks = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PauseForActivator = TimeSpan.FromMinutes(1); // until another process looks whether that one goes on

    private bool _mayActivate = options.Value.Activate || !isShared;
    private bool _isFirst = true;
    private (long Since, TimeSpan Pause)? _beforeMark; // since a timestamp; null if users need not be made due for this process's model
    private bool _isFailureLogged;

    /// <summary>Runs before the endpoints open and the refresh begins.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var served = await profiles.FindServedModelAsync(cancellationToken);
        if (IsToActivate(served))
            registry.Expect(ServedModel.StampOf(served));
        else
            registry.Update(ServedModel.StampOf(served));
    }

    /// <summary>Runs when the endpoints are open.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await TryPollAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await TryPollAsync(stoppingToken);
        }
    }

    private async Task TryPollAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PollAsync(cancellationToken);
            _isFailureLogged = false;
        }
        catch (Exception e)
        {
            registry.Failed(e);
            if (!_isFailureLogged && !cancellationToken.IsCancellationRequested)
                LogFailed(e);
            _isFailureLogged = true; // until a poll succeeds
        }
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        var served = await profiles.FindServedModelAsync(cancellationToken);
        var isActivator = IsToActivate(served);
        if (isActivator)
        {
            await profiles.BeginServingAsync(registry.Own, isFirst: served is null, cancellationToken);
            served = await profiles.FindServedModelAsync(cancellationToken); // another process may have activated its model
        }

        var pause = isActivator || _isFirst ? TimeSpan.Zero : PauseForActivator;
        (_isFirst, _mayActivate) = (false, false);
        registry.Update(ServedModel.StampOf(served));
        if (served == ServedModel.MarkingOf(registry.Own))
            await MarkAsync(pause, cancellationToken);
        else
            _beforeMark = null;
    }

    /// <summary>
    /// Whether to activate this process's model. A package that is active under the digest of an earlier version of the service is
    /// activated again, under its present digest.
    /// </summary>
    private bool IsToActivate(string? served)
    {
        if (ServedModel.StampOf(served) is not { } active)
            return _isFirst;
        return active.ToString() != registry.Own.ToString() && (_mayActivate || registry.Own.Is(active));
    }

    /// <summary>
    /// Makes every user due, whichever process activated the model: that one may have been interrupted. Nothing keeps several processes
    /// from doing it at the same time if it takes longer than a minute: a user that is made due twice is refreshed twice, and told as
    /// changed twice. If some users cannot be reached, the others are refreshed meanwhile. Further attempts begin with the first user
    /// again, after growing pauses.
    /// </summary>
    /// <param name="pause">Before the first attempt.</param>
    private async Task MarkAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        (var since, pause) = _beforeMark ??= (time.GetTimestamp(), pause);
        if (time.GetElapsedTime(since) < pause)
            return;
        var next = Math.Clamp(2 * pause.Ticks, FirstPauseOfMarks.Ticks, LongestPauseOfMarks.Ticks);
        _beforeMark = (time.GetTimestamp(), TimeSpan.FromTicks(next));
        if (await MarkWhileNeededAsync(cancellationToken))
            await profiles.EndMarkingAsync(registry.Own, cancellationToken);
        _beforeMark = null;
    }

    /// <summary>
    /// Makes every user due. Stops and returns false if that is not needed any more: another model was activated, or another process has
    /// done it.
    /// </summary>
    private async Task<bool> MarkWhileNeededAsync(CancellationToken cancellationToken)
    {
        using var superseded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var marking = queue.MarkAllDueAsync(superseded.Token);
        while (await Task.WhenAny(marking, Task.Delay(PollInterval, time, cancellationToken)) != marking)
        {
            if (!cancellationToken.IsCancellationRequested && await IsToMarkAsync(cancellationToken))
                continue;
            await superseded.CancelAsync();
            break;
        }

        try
        {
            await marking;
            return true;
        }
        catch (OperationCanceledException) when (superseded.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Whether users still need to be made due for this process's model; true if the database cannot be asked.</summary>
    private async Task<bool> IsToMarkAsync(CancellationToken cancellationToken)
    {
        try
        {
            var served = await profiles.FindServedModelAsync(cancellationToken);
            registry.Update(ServedModel.StampOf(served));
            return served == ServedModel.MarkingOf(registry.Own);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Could not look up the active model, activate this process's, or make every user due for it; retrying")]
    private partial void LogFailed(Exception exception);
}
