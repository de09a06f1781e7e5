using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Refresh;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Finds profiles and how far they are behind their windows.</summary>
internal sealed class ProfileReader(
    ProfileStore profiles, IWindowStore windows, ModelSlot models, ProfileRefresher refresher,
    IOptions<WindowOptions> windowOptions, IOptions<LookupOptions> options, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// The user's profile by the active model. Where <paramref name="fresh"/>, or where there is none yet, a user that is due is
    /// refreshed first, for at most <see cref="LookupOptions.FreshTimeout"/>.
    /// </summary>
    public async Task<ReadProfile> ReadAsync(string userId, bool fresh, CancellationToken cancellationToken)
    {
        var read = await LookAsync(userId, cancellationToken);
        if (!read.IsStale || (read.Profile is not null && !fresh))
            return read;

        try
        {
            read = await RefreshAsync(userId, read.WindowRevision!.Value, cancellationToken).WaitAsync(options.Value.FreshTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            read = await LookAsync(userId, cancellationToken);
        }

        if (read is { Profile: null, WindowRevision: not null }) // nobody computed it in all that time: maybe nobody was told to
            await windows.MarkDueAsync([userId], cancellationToken);
        return read;
    }

    /// <summary>The users' profiles in the order asked, as they are; an entry has none where none is computed.</summary>
    public async Task<IReadOnlyList<ReadProfile>> ReadAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        if (!userIds.All(EntityId.IsValid)) // no event can have such an id
        {
            var valid = userIds.Where(EntityId.IsValid).Distinct().ToList();
            var reads = valid.Zip(await ReadAsync(valid, cancellationToken)).ToDictionary(r => r.First, r => r.Second);
            return [.. userIds.Select(id => reads.GetValueOrDefault(id) ?? Read(null, null))];
        }

        var finding = profiles.FindAsync(userIds, models.Current.Manifest.Id, cancellationToken);
        var revising = windows.FindRevisionsAsync(userIds, cancellationToken); // asked at the same time, one round trip to Redis
        var found = (await finding).DistinctBy(p => p.UserId).ToDictionary(p => p.UserId);
        var revisions = await revising;
        return [.. userIds.Select((id, i) => Read(found.GetValueOrDefault(id), revisions[i]))];
    }

    // The profile first: asked in this order, it is not ahead of the window but where a cache had to be filled.
    private async Task<ReadProfile> LookAsync(string userId, CancellationToken cancellationToken)
    {
        if (!EntityId.IsValid(userId))
            return Read(null, null);
        var finding = profiles.FindAsync(userId, models.Current.Manifest.Id, cancellationToken);
        var revising = windows.FindRevisionsAsync([userId], cancellationToken);
        return Read(await finding, (await revising)[0]);
    }

    private ReadProfile Read(Profile? profile, long? revision) => new(HasDimension(profile) ? profile : null, revision, windowOptions.Value.MaxEvents);

    // A package replaced by another of the same name may have another dimension; until the user is refreshed there is no profile then.
    private bool HasDimension(Profile? profile) => profile?.Vector.Length == models.Current.Manifest.Dimension * sizeof(float);

    /// <summary>Refreshes the user, or waits for whoever has it claimed, until the profile has the revision that was asked for.</summary>
    private async Task<ReadProfile> RefreshAsync(string userId, long revision, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var refreshed = await refresher.RefreshAsync(userId, cancellationToken);
            var read = await LookAsync(userId, cancellationToken);
            if (read.Profile?.Revision >= revision || time.GetElapsedTime(started) >= options.Value.FreshTimeout)
                return read;
            if (!refreshed)
                await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }
}
