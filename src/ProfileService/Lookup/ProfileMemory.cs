using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Profiles;

namespace ProfileService.Lookup;

/// <summary>
/// The profiles that were last looked up, in about <see cref="LookupOptions.MemoryBytes"/>. One is as good as its store's where its
/// window's revision is not above its own, so that a lookup reads eight bytes instead of it; nobody has to be told of changes.
/// </summary>
/// <remarks>
/// Two halves: what is looked up goes into the young one; when that is full it becomes the old one, and what the old one held and
/// nobody looked up meanwhile is forgotten.
/// </remarks>
internal sealed class ProfileMemory(UserChanges changes, IOptions<LookupOptions> options, MemoryAtHand atHand, TimeProvider time)
{
    /// <summary>A profile may be computed anew at its revision, as when its model is made active again; what another process so computed is seen after this.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _keeping = new();
    private readonly long _halfBytes = Math.Min(options.Value.MemoryBytes, atHand.Cache) / 2;
    private readonly long _cacheFor = Ticks(options.Value.CacheFor, time);
    private readonly long _longest = Ticks(Longest, time);
    private volatile ConcurrentDictionary<string, KnownProfile> _young = new();
    private volatile ConcurrentDictionary<string, KnownProfile> _old = new();
    private long _youngBytes;

    public int Count => _young.Keys.Union(_old.Keys).Count();

    /// <summary>To be taken before a user is read: what changes from here on may not be in what is read.</summary>
    public ReadStart Start(string userId) => Start(userId, time.GetTimestamp());

    /// <param name="at">A timestamp taken before.</param>
    public ReadStart Start(string userId, long at) => new(changes.Count(userId), at);

    /// <summary>The user's profile as it was read, unless this process changed something of the user since; the window may be ahead of it.</summary>
    public KnownProfile? Find(string userId, ReadStart start)
    {
        if (!_young.TryGetValue(userId, out var known))
        {
            if (!_old.TryGetValue(userId, out known))
                return null;
            Keep(known, start);
        }

        return IsUsable(known, start) ? known : null;
    }

    /// <summary>The user's profile as it was last read, whatever has changed since.</summary>
    public KnownProfile? FindLast(string userId) => _young.GetValueOrDefault(userId) ?? _old.GetValueOrDefault(userId);

    /// <summary>Whether the profile was found up to date so recently that its window need not be asked.</summary>
    public bool IsConfirmed(KnownProfile known, ReadStart start) =>
        known.ConfirmedAt is { } at && start.At - at < _cacheFor;

    /// <summary>Whether so little is left of that time that its window should be asked for now, before a lookup has to wait for it.</summary>
    public bool IsAging(KnownProfile known, ReadStart start) => known.ConfirmedAt is { } at && (start.At - at) * 3 >= _cacheFor * 2;

    /// <summary>
    /// Keeps a profile, unless one of a higher revision was read in the last minute: what was answered once is not taken back, though a
    /// cache may still hold what it replaced. Returns the one that stands.
    /// </summary>
    public KnownProfile Keep(KnownProfile known, ReadStart start)
    {
        var userId = known.Profile.UserId;
        lock (_keeping)
        {
            var isYoung = _young.TryGetValue(userId, out var before);
            if ((isYoung || _old.TryGetValue(userId, out before)) && IsAhead(before!, known, start))
                known = before!;
            if (known.Bytes > _halfBytes)
                return known;
            _young[userId] = known;
            _youngBytes += known.Bytes - (isYoung ? before!.Bytes : 0);
            if (_youngBytes > _halfBytes)
                (_old, _young, _youngBytes) = (_young, new(), 0);
            return known;
        }
    }

    private bool IsAhead(KnownProfile before, KnownProfile known, ReadStart start) =>
        before.Profile.Revision > known.Profile.Revision
        && before.Profile.Stamp == known.Profile.Stamp
        && start.At - before.Start.At < _longest;

    private bool IsUsable(KnownProfile known, ReadStart start) => known.Start.Change == start.Change && start.At - known.Start.At < _longest;

    private static long Ticks(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);
}

/// <summary>What stood before a user was read.</summary>
/// <param name="Change">The user's <see cref="UserChanges.Count"/>.</param>
/// <param name="At">A timestamp.</param>
internal readonly record struct ReadStart(int Change, long At);
