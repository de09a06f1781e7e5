using System.Diagnostics;
using Microsoft.Extensions.Options;
using ProfileService.Hosting;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Windows;

namespace ProfileService.Refresh;

/// <summary>What a refresh is: claimed windows through the model into profiles. When it happens is <see cref="RefreshWorker"/>'s.</summary>
internal sealed partial class ProfileRefresher(
    IWindowStore windows,
    ProfileStore profiles,
    ModelSlot models,
    ProfileMetrics metrics,
    IOptions<RefreshOptions> options,
    TimeProvider time,
    ILogger<ProfileRefresher> logger)
{
    private static readonly Dictionary<string, string> NoAttributes = [];
    private static readonly TimeSpan BetweenServedChecks = TimeSpan.FromSeconds(5);

    private long _supersededAt; // when another model was last found to be served; 0 for never

    /// <summary>Refreshes up to <see cref="RefreshOptions.MaxBatch"/> due users; returns how many were claimed.</summary>
    public async Task<int> RefreshDueAsync(CancellationToken cancellationToken)
    {
        if (await IsSupersededAsync())
            return 0;
        var claims = await windows.ClaimDueAsync(options.Value.MaxBatch, options.Value.Lease, cancellationToken);
        if (claims.Count > 0)
            await RefreshAsync(claims);
        return claims.Count;
    }

    /// <summary>Refreshes one user where it is due and nobody else has it; tells whether it did.</summary>
    public async Task<bool> RefreshAsync(string userId, CancellationToken cancellationToken)
    {
        if (await IsSupersededAsync() || await windows.ClaimAsync(userId, options.Value.Lease, cancellationToken) is not { } claim)
            return false;
        await RefreshAsync([claim]);
        return true;
    }

    // Takes no cancellation: what is claimed is finished, also when the service stops.
    private async Task RefreshAsync(IReadOnlyList<Claim> claims)
    {
        using var activity = ProfileMetrics.Activities.StartActivity("refresh")?.SetTag("users", claims.Count);
        var started = time.GetTimestamp();
        try
        {
            var model = models.Current;
            var read = claims.Select(Decode).OfType<ClaimedWindow>().ToList();
            var computed = LengthGroups.Of(read, c => model.Encoder.LengthOf(c.Window)).SelectMany(group => Compute(model, group)).ToList();

            var newer = await profiles.StoreAsync([.. computed.Select(c => c.Profile)], CancellationToken.None);
            if (newer.Count > 0) // this worker stalled and came late, or else the window went back
                await windows.RaiseAsync([.. newer.Select(p => (p.UserId, p.Revision))], CancellationToken.None);
            if (!await IsServedAsync(model))
            {
                await windows.ReleaseAsync(claims, CancellationToken.None);
                return;
            }

            await windows.SettleAsync([.. computed.Select(c => c.Claim)], CancellationToken.None);

            var now = time.GetUtcNow();
            foreach (var (claim, _) in computed)
                metrics.RecordFreshness(now - claim.DueSince);
            metrics.CountRefreshes("refreshed", computed.Count);
            metrics.CountRefreshes("failed", claims.Count - computed.Count); // their leases run out, then they are tried again
            metrics.RecordBatch(time.GetElapsedTime(started), claims.Count);
        }
        catch
        {
            metrics.CountRefreshes("failed", claims.Count);
            activity?.SetStatus(ActivityStatusCode.Error);
            await TryReleaseAsync(claims);
            throw;
        }
    }

    /// <summary>Whether another model than this process's is the one that profiles are kept for, as while a new one is rolled out.</summary>
    private async Task<bool> IsSupersededAsync() =>
        _supersededAt != 0 && (time.GetElapsedTime(_supersededAt) < BetweenServedChecks || !await IsServedAsync(models.Current));

    /// <summary>Asked before users are settled, for one settled with an older model would be due no more for the one that is served.</summary>
    private async Task<bool> IsServedAsync(ActiveModel model)
    {
        var (served, own) = (await profiles.FindServedModelAsync(CancellationToken.None), model.Manifest.Stamp);
        if (served is null || served == own || served == ServedModel.MarkingOf(own))
        {
            _supersededAt = 0;
            return true;
        }

        if (_supersededAt == 0)
            LogSuperseded(own, served);
        _supersededAt = time.GetTimestamp();
        return false;
    }

    /// <summary>Makes the users due again at once; where even that fails, their leases run out.</summary>
    private async Task TryReleaseAsync(IReadOnlyList<Claim> claims)
    {
        try
        {
            await windows.ReleaseAsync(claims, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotReleased(e, claims.Count);
        }
    }

    private ClaimedWindow? Decode(Claim claim)
    {
        try
        {
            return new ClaimedWindow(claim, WindowCodec.Decode(claim.UserId, claim.Bytes));
        }
        catch (InvalidDataException e)
        {
            LogUnreadable(e, claim.UserId);
            return null;
        }
    }

    /// <summary>One run for the group; where that fails, one for each user, so that one user's failure stays its own.</summary>
    private IReadOnlyList<(Claim Claim, Profile Profile)> Compute(ActiveModel model, IReadOnlyList<ClaimedWindow> group)
    {
        try
        {
            return Run(model, group);
        }
        catch (Exception e) when (group.Count > 1)
        {
            LogSplit(e, group.Count);
            return [.. group.SelectMany(one => Compute(model, [one]))];
        }
        catch (Exception e)
        {
            LogFailed(e, group[0].Claim.UserId);
            return [];
        }
    }

    private List<(Claim, Profile)> Run(ActiveModel model, IReadOnlyList<ClaimedWindow> group)
    {
        var batch = new ModelInputs(group.Count, group.Max(c => model.Encoder.LengthOf(c.Window)), model.Encoder.AttributeCount);
        foreach (var (row, claimed) in group.Index())
            model.Encoder.Encode(claimed.Window, NoAttributes, batch, row);

        var started = time.GetTimestamp();
        var outputs = model.Run(batch);
        metrics.RecordInference(time.GetElapsedTime(started));

        var now = time.GetUtcNow().UtcDateTime;
        return [.. group.Select((claimed, row) => (claimed.Claim, new Profile
        {
            UserId = claimed.Claim.UserId,
            Model = model.Manifest.Id,
            Revision = claimed.Claim.Revision,
            EventCount = claimed.Window.Events.Count,
            EventsThrough = EventTime.ToUtc(claimed.Window.Events[^1].Timestamp),
            ComputedAt = now,
            Vector = VectorBytes.From(outputs.Vector(row)),
        }))];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This process has model {Own}, but profiles are kept for {Served}: it refreshes nobody until it is restarted with that one, or a service with its own starts")]
    private partial void LogSuperseded(string own, string served);

    [LoggerMessage(Level = LogLevel.Error, Message = "The stored window of user {UserId} cannot be read; the user keeps the profile it has")]
    private partial void LogUnreadable(Exception exception, string userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Users} claims could not be given back; they run out by themselves")]
    private partial void LogNotReleased(Exception exception, int users);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A run of {Users} users failed; each is tried alone")]
    private partial void LogSplit(Exception exception, int users);

    [LoggerMessage(Level = LogLevel.Error, Message = "The refresh of user {UserId} failed; it is tried again when its lease runs out")]
    private partial void LogFailed(Exception exception, string userId);

    private sealed record ClaimedWindow(Claim Claim, Window Window);
}
