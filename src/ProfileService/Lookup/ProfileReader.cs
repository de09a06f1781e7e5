using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Refresh;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Reads profiles, and waits for one to be refreshed where it is asked to.</summary>
internal sealed class ProfileReader(ProfileFinder finder, IWindowStore windows, ProfileRefresher refresher, IOptions<LookupOptions> options, IOptions<HostingOptions> hosting, ReadLimits limits, ModelSlot models, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    private readonly TimeSpan _longest = hosting.Value.RequestTimeout;

    /// <summary>The user's profile where it can be answered without asking a store.</summary>
    public ReadProfile? Recall(string userId) => finder.Recall(userId);

    /// <summary>
    /// The user's profile by the active model. Where <paramref name="fresh"/>, or where there is none yet, a user that is due is
    /// refreshed first, for at most <see cref="LookupOptions.FreshTimeout"/>.
    /// </summary>
    /// <exception cref="UnreadableWindowException">There is no profile, and the window that it would be of was altered.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="HostingOptions.RequestTimeout"/>.</exception>
    public Task<ReadProfile> ReadAsync(string userId, bool fresh, CancellationToken cancellationToken) =>
        FindAsync(userId, fresh, cancellationToken).WaitAsync(_longest, time, cancellationToken);

    /// <summary>The users' profiles in the order asked, as they are; an entry has none where none is computed.</summary>
    /// <exception cref="OverloadedException">Too much is being read.</exception>
    public async Task<IReadOnlyList<ReadProfile>> ReadAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        var cost = 1 + (KnownProfile.BytesOf(models.Current.Manifest.Dimension) / ReadLimits.BytesOfAUser);
        using var turn = await limits.TakeTurnAsync(userIds.Count * cost, cancellationToken);
        return await finder.FindAsync(userIds, cancellationToken);
    }

    private async Task<ReadProfile> FindAsync(string userId, bool fresh, CancellationToken cancellationToken)
    {
        var read = await finder.FindAsync(userId, cancellationToken);
        if (read.WindowRevision == CheckedRevision.Altered) // no refresh gets by that
            return read.Known is null ? throw new UnreadableWindowException() : read;
        if (!read.IsStale || read.IsUnsure || (read.Known is not null && !fresh))
            return read;

        try
        {
            read = await RefreshAsync(userId, read.WindowRevision!.Value, cancellationToken).WaitAsync(options.Value.FreshTimeout, time, cancellationToken);
        }
        catch (Exception e) when (StoreFailure.Is(e) || (e is OverloadedException && read.Known is not null)) // then it is answered as it is
        {
            read = await FindAgainAsync(userId, read, cancellationToken);
        }

        if (read is { Known: null, WindowRevision: not null, IsUnsure: false }) // nobody computed it in all that time: maybe nobody was told to, or nobody can
        {
            await windows.FindAsync(userId, cancellationToken);
            await refresher.MarkDueAsync(userId, cancellationToken);
        }

        return read;
    }

    /// <summary>What is there by now; what was there before where a store is away.</summary>
    private async Task<ReadProfile> FindAgainAsync(string userId, ReadProfile before, CancellationToken cancellationToken)
    {
        try
        {
            return await finder.FindAsync(userId, cancellationToken);
        }
        catch (Exception e) when (before.Known is not null && (StoreFailure.Is(e) || e is OverloadedException))
        {
            return before;
        }
    }

    /// <summary>Refreshes the user, or waits for whoever has it claimed, until the profile has the revision that was asked for.</summary>
    private async Task<ReadProfile> RefreshAsync(string userId, long revision, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var refreshed = await RefreshInTurnAsync(userId, cancellationToken);
            var read = await finder.FindAsync(userId, cancellationToken);
            if (read.Known?.Profile.Revision >= revision || time.GetElapsedTime(started) >= options.Value.FreshTimeout)
                return read;
            if (!refreshed)
                await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }

    private async Task<bool> RefreshInTurnAsync(string userId, CancellationToken cancellationToken)
    {
        using var turn = await limits.TakeTurnAsync(ReadCost.OfAQuery.Users, cancellationToken);
        return await refresher.RefreshAsync(userId, cancellationToken);
    }
}
