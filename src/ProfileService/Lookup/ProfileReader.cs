using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Refresh;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Reads profiles. Waits for a refresh if a fresh profile is requested.</summary>
internal sealed class ProfileReader(
    ProfileFinder finder,
    IWindowStore windows,
    ProfileRefresher refresher,
    IOptions<LookupOptions> options,
    IOptions<HostingOptions> hosting,
    ReadLimits limits,
    ModelSlot models,
    UserPurposes purposes,
    TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5); // doubled after each read
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(80);

    private readonly TimeSpan _longest = hosting.Value.RequestTimeout;

    /// <summary>
    /// The user's profile by the active model. If it must be <paramref name="fresh"/>, or if there is none yet, a due user is refreshed
    /// first. The wait is limited to <see cref="LookupOptions.FreshTimeout"/>.
    /// </summary>
    /// <exception cref="UnreadableWindowException">There is no profile, and the user's window was altered.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="HostingOptions.RequestTimeout"/>.</exception>
    public ValueTask<FoundProfile> ReadAsync(string userId, bool fresh, CancellationToken cancellationToken) =>
        !purposes.Allow(userId, Purpose.Profile) ? new(FoundProfile.Withheld)
            : !fresh && finder.Recall(userId) is { } recalled ? new(recalled)
            : new(FindInTimeAsync(userId, fresh, cancellationToken));

    /// <summary>The users' profiles in the order of the ids, without a refresh. An entry has no profile if none is computed.</summary>
    /// <exception cref="OverloadedException">Too many reads wait already.</exception>
    public async Task<IReadOnlyList<FoundProfile>> ReadAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        var cost = 1 + (EncodedProfile.BytesOf(models.Current.Manifest.Dimension) / ReadLimits.BytesPerUser);
        using var turn = await limits.AcquireAsync(userIds.Count * cost, cancellationToken);
        return purposes.AllowAll(Purpose.Profile)
            ? await finder.FindAsync(userIds, cancellationToken)
            : await FindAllowedAsync(userIds, cancellationToken);
    }

    private async Task<IReadOnlyList<FoundProfile>> FindAllowedAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        var allowed = userIds.Select(u => purposes.Allow(u, Purpose.Profile)).ToList();
        var found = new Queue<FoundProfile>(await finder.FindAsync([.. userIds.Where((_, i) => allowed[i])], cancellationToken));
        return [.. allowed.Select(isAllowed => isAllowed ? found.Dequeue() : FoundProfile.Withheld)];
    }

    /// <summary>What is still running when the answer is given, such as a refresh that takes too long, is cancelled.</summary>
    private async Task<FoundProfile> FindInTimeAsync(string userId, bool fresh, CancellationToken cancellationToken)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await FindAsync(userId, fresh, answered.Token).WaitAsync(_longest, time, cancellationToken);
        }
        finally
        {
            answered.Cancel();
        }
    }

    private async Task<FoundProfile> FindAsync(string userId, bool fresh, CancellationToken cancellationToken)
    {
        var found = await finder.FindAsync(userId, cancellationToken);
        if (found.WindowRevision == CheckedRevision.Altered) // a refresh would fail
            return found.Encoded is null ? throw new UnreadableWindowException() : found;
        if (!found.IsStale || found.IsUnsure || (found.Encoded is not null && !fresh))
            return found;

        try
        {
            var refreshing = RefreshAsync(userId, found.WindowRevision!.Value, cancellationToken);
            found = await refreshing.WaitAsync(options.Value.FreshTimeout, time, cancellationToken);
        }
        catch (Exception e) when (StoreFailure.Is(e) || (e is OverloadedException && found.Encoded is not null))
        {
            found = await FindAgainAsync(userId, found, cancellationToken);
        }

        if (found is { Encoded: null, WindowRevision: not null, IsUnsure: false }) // still not computed: the user may not be due
        {
            await windows.FindAsync(userId, cancellationToken); // throws if the window cannot be read
            await refresher.MarkDueAsync(userId, cancellationToken);
        }

        return found;
    }

    /// <summary>Reads the profile again. Returns the one found before if a store is unavailable.</summary>
    private async Task<FoundProfile> FindAgainAsync(string userId, FoundProfile before, CancellationToken cancellationToken)
    {
        try
        {
            return await finder.FindAsync(userId, cancellationToken);
        }
        catch (Exception e) when (before.Encoded is not null && (StoreFailure.Is(e) || e is OverloadedException))
        {
            return before;
        }
    }

    /// <summary>
    /// Refreshes the user, or waits for the worker that has claimed it, until the profile has the revision. A user that is neither due
    /// nor claimed is made due, once. If the user is erased or objects meanwhile, the profile never has the revision. Neither has it while
    /// nobody computes profiles; therefore the pauses between the reads grow.
    /// </summary>
    private async Task<FoundProfile> RefreshAsync(string userId, long revision, CancellationToken cancellationToken)
    {
        var (started, isChecked, pause) = (time.GetTimestamp(), false, FirstPause);
        while (true)
        {
            var refreshed = await RefreshInTurnAsync(userId, cancellationToken);
            // Before the profile is read: that of a worker that has settled the user is found then.
            var isLeft = !refreshed && !isChecked && await refresher.IsLeftAsync(userId, cancellationToken);
            isChecked |= !refreshed;
            var found = await finder.FindAsync(userId, cancellationToken);
            if (!purposes.Allow(userId, Purpose.Profile))
                return FoundProfile.Withheld;
            var isGone = found is { WindowRevision: null, IsUnsure: false };
            if (isGone || found.Profile?.Revision >= revision || time.GetElapsedTime(started) >= options.Value.FreshTimeout)
                return found;
            if (isLeft)
                await refresher.MarkDueAsync(userId, cancellationToken);
            else if (!refreshed)
            {
                await Task.Delay(pause, time, cancellationToken);
                pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
            }
        }
    }

    private async Task<bool> RefreshInTurnAsync(string userId, CancellationToken cancellationToken)
    {
        using var turn = await limits.AcquireAsync(ReadCost.Query.Users, cancellationToken);
        return await refresher.RefreshAsync(userId, cancellationToken);
    }
}
