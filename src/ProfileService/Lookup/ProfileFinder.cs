using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Finds profiles by the active model and the revisions of their windows, by these rules:</summary>
// 1. A profile is in up to three places: the memory of this process (ProfileMemory), the cache in Redis if there is a Redis, and the
//    database (ProfileStore has both). They are asked in this order, and what a later one has is put into those before it.
// 2. The stamp of the model decides first: a profile by another model than the active one is never answered.
// 3. Then the revision: a lower one never replaces a higher one, neither in the database nor in Redis, nor for a minute in memory, so that
//    what was answered once is not taken back while an old value is still in Redis.
// 4. A profile in memory is current if the revision of its window is not above its own; if there is no window, the user may be erased. The
//    window is asked for that, 8 bytes, unless it was asked less than Lookup:CacheFor ago. In the last third of that time one lookup asks
//    beside its answer, so that no lookup of a busy user has to wait.
// 5. What this process changes shows at once: UserChanges counts the changes of each user, and a profile in memory is not used if its
//    reading began before the last of them. The stores count by themselves (CountedWindowStore, ProfileStore).
// 6. What another process changes shows after Lookup:CacheFor, except a profile that was computed anew at its revision: it shows after a
//    minute, when each profile in memory is read anew.
// 7. If a store is away, what is known is answered, even what rules 4 to 6 would read anew, and is called unsure, which makes it stale. A
//    lookup fails if it knows nothing at all.
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
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1); // in memory, before a profile is read anew

    private readonly int _maxEvents = windowOptions.Value.MaxEvents;
    private readonly long _cacheFor = Ticks(options.Value.CacheFor, time);
    private readonly long _longest = Ticks(Longest, time);

    /// <summary>To be taken before a user is read: what changes from here on may not be in what is read.</summary>
    public ReadStart Start(string userId) => Start(userId, time.GetTimestamp());

    /// <summary>The user's profile if it can be answered without asking a store.</summary>
    public FoundProfile? Recall(string userId)
    {
        var start = Start(userId);
        if (Remembered(userId, start) is not { } cached || !IsConfirmed(cached, start))
            return null;
        if (IsToBeAskedAhead(cached, start))
            _ = AskAheadAsync([cached], start.At);
        return Found(cached, cached.Profile.Revision);
    }

    /// <summary>The user's profile, of which at least the window was asked for.</summary>
    public async Task<FoundProfile> FindAsync(string userId, CancellationToken cancellationToken)
    {
        var start = Start(userId);
        if (Remembered(userId, start) is { } cached)
        {
            var revised = await WindowRevisions.ReadAsync(windows, [userId], cancellationToken);
            if (revised.AreAway || Confirm(cached, revised.Of(0), start.At))
                return Found(cached, revised.Of(0), revised.AreAway);
            start = Start(userId);
        }
        else if (!EntityId.IsValid(userId)) // no event can have such an id
        {
            return Found(null, null);
        }

        Asked[] asked = [new(userId, start, null, default)];
        var failure = await ReadAsync(asked, [0], cancellationToken);
        return failure is not null && asked[0].Found.Encoded is null ? throw Rethrown(failure) : asked[0].Found;
    }

    /// <summary>The users' profiles in the order asked; those that can be answered without asking a store are.</summary>
    public async Task<IReadOnlyList<FoundProfile>> FindAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        var asked = new Asked[userIds.Count];
        var (revise, read, ahead) = (new List<int>(), new List<int>(), new List<CachedProfile>());
        var began = time.GetTimestamp();
        for (var i = 0; i < asked.Length; i++)
        {
            var start = Start(userIds[i], began);
            var cached = Remembered(userIds[i], start);
            asked[i] = new Asked(userIds[i], start, cached, Found(cached, cached?.Profile.Revision));
            if (cached is null && EntityId.IsValid(userIds[i]))
                read.Add(i);
            else if (cached is not null && !IsConfirmed(cached, start))
                revise.Add(i);
            else if (cached is not null && IsToBeAskedAhead(cached, start))
                ahead.Add(cached);
        }

        if (ahead.Count > 0)
            _ = AskAheadAsync(ahead, began);
        var revising = ReviseAsync(asked, revise, cancellationToken); // at the same time, one round trip to Redis
        var failure = await ReadAsync(asked, read, cancellationToken);
        failure = await ReadAsync(asked, await revising, cancellationToken) ?? failure;
        return failure is not null && asked.All(a => a.Found.Encoded is null)
            ? throw Rethrown(failure)
            : Array.ConvertAll(asked, a => a.Found);
    }

    /// <summary>Keeps a profile that was read from the stores. Returns the one that is kept by rule 3.</summary>
    public CachedProfile Keep(Profile profile, ReadStart start) => memory.Keep(new CachedProfile(profile, start), IsAhead);

    /// <summary>Asks for the windows of users whose profiles are in memory; returns the places of those that are behind.</summary>
    private async Task<IReadOnlyList<int>> ReviseAsync(Asked[] asked, List<int> places, CancellationToken cancellationToken)
    {
        if (places.Count == 0)
            return [];
        var revised = await WindowRevisions.ReadAsync(windows, places.ConvertAll(i => asked[i].UserId), cancellationToken);
        var behind = new List<int>();
        for (var i = 0; i < places.Count; i++)
        {
            ref var user = ref asked[places[i]];
            if (revised.AreAway)
                user = user with { Found = Found(user.Cached, null, isUnsure: true) };
            if (revised.AreAway || Confirm(user.Cached!, revised.Of(i), user.Start.At))
                continue;
            user = user with { Start = Start(user.UserId) };
            behind.Add(places[i]);
        }

        return behind;
    }

    /// <summary>Reads the profiles of users from the stores; returns why some of them cannot be read, or null.</summary>
    private async Task<Exception?> ReadAsync(Asked[] asked, IReadOnlyList<int> places, CancellationToken cancellationToken)
    {
        if (places.Count == 0)
            return null;
        var userIds = places.Select(i => asked[i].UserId).ToList();
        // The profiles first: asked in this order, none is ahead of its window, unless a cache had to be filled.
        var finding = profiles.FindAsync(userIds, models.Active, cancellationToken);
        var revising = WindowRevisions.ReadAsync(windows, userIds, cancellationToken);
        var (found, revisions) = (await finding, await revising);
        var byUser = found.Profiles.DistinctBy(p => p.UserId).ToDictionary(p => p.UserId);
        for (var i = 0; i < places.Count; i++)
        {
            ref var user = ref asked[places[i]];
            var profile = byUser.GetValueOrDefault(user.UserId);
            user = user with { Found = Remember(user, profile, revisions.Of(i), found.Failure is not null, revisions.AreAway) };
        }

        return found.Failure ?? revisions.Failure;
    }

    private FoundProfile Remember(in Asked user, Profile? profile, long? revision, bool areProfilesAway, bool areWindowsAway)
    {
        if (profile is not null && IsByActiveModel(profile))
        {
            var cached = Keep(profile, user.Start);
            Confirm(cached, revision, user.Start.At);
            return Found(cached, revision, areWindowsAway);
        }

        if (!areProfilesAway && !areWindowsAway)
            return Found(null, revision);
        var last = memory.Find(user.UserId);
        return Found(last is not null && IsByActiveModel(last.Profile) ? last : null, revision, isUnsure: true);
    }

    /// <summary>The profile in memory by rules 2, 5 and 6; its window may be ahead of it.</summary>
    private CachedProfile? Remembered(string userId, ReadStart start) =>
        memory.Find(userId) is { } cached
        && IsByActiveModel(cached.Profile)
        && cached.Start.Change == start.Change
        && start.At - cached.Start.At < _longest
            ? cached
            : null;

    /// <summary>Notes whether the profile is current. Without a window it may have been erased by another process.</summary>
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

    private bool IsToBeAskedAhead(CachedProfile cached, ReadStart start) =>
        cached.ConfirmedAt is { } at && (start.At - at) * 3 >= _cacheFor * 2 && cached.BeginAsking();

    /// <summary>Asks for the windows of users beside the answers. If it fails, their next lookups ask.</summary>
    private async Task AskAheadAsync(IReadOnlyList<CachedProfile> cached, long at)
    {
        try
        {
            var revised = await WindowRevisions.ReadAsync(windows, [.. cached.Select(c => c.Profile.UserId)], CancellationToken.None);
            for (var i = 0; i < revised.Revisions.Count; i++)
                Confirm(cached[i], revised.Of(i), at);
        }
        finally
        {
            foreach (var asked in cached)
                asked.EndAsking();
        }
    }

    /// <summary>Whether a profile in memory stays although another one was read, rule 3.</summary>
    private bool IsAhead(CachedProfile former, CachedProfile read) =>
        former.Profile.Revision > read.Profile.Revision
        && former.Profile.Stamp == read.Profile.Stamp
        && read.Start.At - former.Start.At < _longest;

    private bool IsByActiveModel(Profile profile) => models.Active.Is(profile.Model, profile.Digest);

    private FoundProfile Found(CachedProfile? cached, long? revision, bool isUnsure = false) =>
        new(cached?.Encoded, revision, _maxEvents, isUnsure);

    private ReadStart Start(string userId, long at) => new(changes.Count(userId), at);

    private static Exception Rethrown(Exception failure)
    {
        ExceptionDispatchInfo.Throw(failure);
        return failure;
    }

    private static long Ticks(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);

    /// <summary>A user of a lookup, the profile in memory, and what was found so far.</summary>
    private readonly record struct Asked(string UserId, ReadStart Start, CachedProfile? Cached, FoundProfile Found);
}
