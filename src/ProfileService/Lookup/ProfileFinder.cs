using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Finds profiles by the active model, in memory and in the stores. The comment below has the rules.</summary>
// 1. A profile may be stored in three places: the memory of this process (ProfileMemory), the cache in Redis if there is a Redis, and the
//    database (ProfileStore uses both). They are read in this order. A profile that is found in a later place is copied to the earlier
//    ones.
// 2. A profile by another model than the active one is never returned. All profiles of a lookup are by the model that was active when it
//    began, also if another becomes active meanwhile; then memory keeps the profile by the other one, if it has it.
// 3. In the database and in Redis, a lower revision never replaces a higher one; in memory, not for a minute. Therefore a profile that was
//    returned once is not replaced by an older one that is still in Redis.
// 4. A profile in memory is current if the revision of its window is not higher than its own. Without a window the user may be erased. The
//    window's revision, 8 bytes, is read again Lookup:CacheFor after it was last read. In the last third of that time one lookup reads it
//    in the background, so that no lookup of a busy user has to wait.
// 5. A change by this process is visible at once: UserChanges counts the changes of each user, and a profile in memory is not used if its
//    read began before the last one. The stores count by themselves (CountedWindowStore, ProfileStore).
// 6. A change by another process is visible after Lookup:CacheFor. A profile that was computed again with the same revision is visible
//    after a minute, because each profile in memory is then read again.
// 7. If a store is unavailable, the known profile is returned, even if rules 4 to 6 require another read. It is unsure, and therefore
//    stale. A lookup fails if no profile is known, or if the store of the windows answers that there is no window: the user may be erased,
//    or has been idle for Windows:IdleTtl.
internal sealed class ProfileFinder(
    ProfileStore profiles,
    IWindowStore windows,
    ProfileMemory memory,
    UserChanges changes,
    ModelRegistry models,
    IOptions<LookupOptions> options,
    IOptions<WindowOptions> windowOptions,
    TimeProvider time)
{
    private static readonly TimeSpan LongestInMemory = TimeSpan.FromMinutes(1); // until a profile is read again

    private readonly int _maxEvents = windowOptions.Value.MaxEvents;
    private readonly long _cacheFor = Ticks(options.Value.CacheFor, time);
    private readonly long _longestInMemory = Ticks(LongestInMemory, time);

    /// <summary>Must be called before a user is read. Later changes may be missing in what is read.</summary>
    public ReadStart Start(string userId) => Start(userId, time.GetTimestamp());

    /// <summary>The user's profile if it can be answered without asking a store.</summary>
    public FoundProfile? Recall(string userId)
    {
        var start = Start(userId);
        if (Remembered(userId, models.Active, start) is not { } cached || !IsConfirmed(cached, start))
            return null;
        if (TryBeginCheckAhead(cached, start))
            _ = CheckAheadAsync([cached], start.At);
        return Found(cached, cached.Profile.Revision);
    }

    /// <summary>The user's profile, after at least the revision of its window was read.</summary>
    public async Task<FoundProfile> FindAsync(string userId, CancellationToken cancellationToken)
    {
        var (model, start) = (models.Active, Start(userId));
        if (Remembered(userId, model, start) is { } cached)
        {
            var revisions = await WindowRevisions.ReadAsync(windows, [userId], cancellationToken);
            if (revisions.AreAway || Confirm(cached, revisions.Of(0), start.At))
                return Found(cached, revisions.Of(0), revisions.AreAway);
            start = Start(userId);
        }
        else if (!EntityId.IsValid(userId)) // no event can have such an id
        {
            return Found(null, null);
        }

        Asked[] asked = [new(userId, start, null, default)];
        var failure = await ReadAsync(asked, [0], model, cancellationToken);
        if (failure is not null && asked[0].Found.Encoded is null)
            ExceptionDispatchInfo.Throw(failure);
        return asked[0].Found;
    }

    /// <summary>The users' profiles in the order of the ids. The stores are read only for those that need it.</summary>
    public async Task<IReadOnlyList<FoundProfile>> FindAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        var asked = new Asked[userIds.Count];
        var (check, read, ahead) = (new List<int>(), new List<int>(), new List<CachedProfile>());
        var (model, began) = (models.Active, time.GetTimestamp());
        for (var i = 0; i < asked.Length; i++)
        {
            var start = Start(userIds[i], began);
            var cached = Remembered(userIds[i], model, start);
            asked[i] = new Asked(userIds[i], start, cached, Found(cached, cached?.Profile.Revision));
            if (cached is null && EntityId.IsValid(userIds[i]))
                read.Add(i);
            else if (cached is not null && !IsConfirmed(cached, start))
                check.Add(i);
            else if (cached is not null && TryBeginCheckAhead(cached, start))
                ahead.Add(cached);
        }

        if (ahead.Count > 0)
            _ = CheckAheadAsync(ahead, began);
        var checking = CheckAsync(asked, check, cancellationToken); // concurrent with the read, so that it is one round trip to Redis
        var failure = await ReadAsync(asked, read, model, cancellationToken);
        failure = await ReadAsync(asked, await checking, model, cancellationToken) ?? failure;
        if (failure is not null && asked.All(a => a.Found.Encoded is null))
            ExceptionDispatchInfo.Throw(failure);
        return Array.ConvertAll(asked, a => a.Found);
    }

    /// <summary>Keeps a profile that was read from the stores in memory. Returns the profile that is kept by rules 2 and 3.</summary>
    public CachedProfile Keep(Profile profile, ReadStart start) => memory.Keep(new CachedProfile(profile, start), IsAhead);

    /// <summary>Compares profiles in memory with the revisions of their windows. Returns the indexes of those that are behind.</summary>
    private async Task<IReadOnlyList<int>> CheckAsync(Asked[] asked, List<int> indexes, CancellationToken cancellationToken)
    {
        if (indexes.Count == 0)
            return [];
        var revisions = await WindowRevisions.ReadAsync(windows, indexes.ConvertAll(i => asked[i].UserId), cancellationToken);
        var behind = new List<int>();
        for (var i = 0; i < indexes.Count; i++)
        {
            ref var user = ref asked[indexes[i]];
            if (revisions.AreAway)
                user = user with { Found = Found(user.Cached, null, isUnsure: true) };
            if (revisions.AreAway || Confirm(user.Cached!, revisions.Of(i), user.Start.At))
                continue;
            user = user with { Start = Start(user.UserId) };
            behind.Add(indexes[i]);
        }

        return behind;
    }

    /// <summary>Reads users from the stores. Returns the exception if some of them cannot be read; null otherwise.</summary>
    private async Task<Exception?> ReadAsync(
        Asked[] asked, IReadOnlyList<int> indexes, ModelStamp model, CancellationToken cancellationToken)
    {
        if (indexes.Count == 0)
            return null;
        var userIds = indexes.Select(i => asked[i].UserId).ToList();
        // Profiles are requested before revisions, so that no profile is ahead of its window, unless a cache had to be filled.
        var finding = profiles.FindAsync(userIds, model, cancellationToken);
        var readingRevisions = WindowRevisions.ReadAsync(windows, userIds, cancellationToken);
        var (found, revisions) = (await finding, await readingRevisions);
        var byUser = found.Profiles.DistinctBy(p => p.UserId).ToDictionary(p => p.UserId);
        for (var i = 0; i < indexes.Count; i++)
        {
            ref var user = ref asked[indexes[i]];
            var profile = byUser.GetValueOrDefault(user.UserId);
            user = user with { Found = Remember(user, model, profile, revisions.Of(i), found.Failure is not null, revisions.AreAway) };
        }

        return found.Failure ?? revisions.Failure;
    }

    private FoundProfile Remember(
        in Asked user, ModelStamp model, Profile? profile, long? revision, bool areProfilesAway, bool areWindowsAway)
    {
        if (profile is not null)
        {
            var cached = Keep(profile, user.Start);
            if (!IsBy(model, cached)) // another model became active since the lookup began
                return Found(new CachedProfile(profile, user.Start), revision, areWindowsAway);
            Confirm(cached, revision, user.Start.At);
            return Found(cached, revision, areWindowsAway);
        }

        if (!areProfilesAway && !areWindowsAway)
            return Found(null, revision);
        var last = areWindowsAway || revision is not null ? memory.Find(user.UserId) : null;
        return Found(last is not null && IsBy(model, last) ? last : null, revision, isUnsure: true);
    }

    /// <summary>The profile in memory if rules 2, 5 and 6 allow it; its window may be ahead of it.</summary>
    private CachedProfile? Remembered(string userId, ModelStamp model, ReadStart start) =>
        memory.Find(userId) is { } cached
        && IsBy(model, cached)
        && cached.Start.Change == start.Change
        && start.At - cached.Start.At < _longestInMemory
            ? cached
            : null;

    /// <summary>Records and returns whether the profile is current. Without a window, another process may have erased the user.</summary>
    private static bool Confirm(CachedProfile cached, long? revision, long at)
    {
        var isCurrent = cached.Profile.Revision >= revision;
        if (isCurrent)
            cached.Confirm(at);
        else
            cached.Doubt();
        return isCurrent;
    }

    private bool IsConfirmed(CachedProfile cached, ReadStart start) => cached.ConfirmedAt is { } at && start.At - at < _cacheFor;

    /// <summary>Returns true if the caller must check the profile in the background, by rule 4.</summary>
    private bool TryBeginCheckAhead(CachedProfile cached, ReadStart start) =>
        cached.ConfirmedAt is { } at && (start.At - at) * 3 >= _cacheFor * 2 && cached.TryBeginCheck();

    /// <summary>Checks profiles in the background. If that fails, their next lookups check them.</summary>
    private async Task CheckAheadAsync(IReadOnlyList<CachedProfile> cached, long at)
    {
        try
        {
            var revisions = await WindowRevisions.ReadAsync(windows, [.. cached.Select(c => c.Profile.UserId)], CancellationToken.None);
            for (var i = 0; i < revisions.Revisions.Count; i++)
                Confirm(cached[i], revisions.Of(i), at);
        }
        finally
        {
            foreach (var profile in cached)
                profile.EndCheck();
        }
    }

    /// <summary>
    /// Whether a profile in memory is kept although another one was read: by rule 3, or because the other one is by a model that is not
    /// active any more.
    /// </summary>
    private bool IsAhead(CachedProfile former, CachedProfile read)
    {
        if (former.Profile.Stamp == read.Profile.Stamp)
            return former.Profile.Revision > read.Profile.Revision && read.Start.At - former.Start.At < _longestInMemory;
        var active = models.Active;
        return IsBy(active, former) && !IsBy(active, read);
    }

    private static bool IsBy(ModelStamp model, CachedProfile cached) => model.Is(cached.Profile.Model, cached.Profile.Digest);

    private FoundProfile Found(CachedProfile? cached, long? revision, bool isUnsure = false) =>
        new(cached?.Encoded, revision, _maxEvents, isUnsure);

    private ReadStart Start(string userId, long at) => new(changes.CountOf(userId), at);

    private static long Ticks(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);

    /// <summary>A user of a lookup, the profile in memory, and the result so far.</summary>
    private readonly record struct Asked(string UserId, ReadStart Start, CachedProfile? Cached, FoundProfile Found);
}
