using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>
/// Caches the profiles that were last looked up, in about <see cref="LookupOptions.MemoryBytes"/>. <see cref="ProfileFinder"/> decides
/// which of them may be returned.
/// </summary>
/// <remarks>
/// There are two halves. A profile that is looked up moves to the young half. When that is full, it becomes the old one, and the former old
/// half is dropped with the profiles that were not looked up meanwhile.
/// </remarks>
internal sealed class ProfileMemory
{
    private readonly Lock _keeping = new();
    private readonly ErasedUsers _erased;
    private readonly long _halfBytes;
    private volatile ConcurrentDictionary<string, CachedProfile> _young = new();
    private volatile ConcurrentDictionary<string, CachedProfile> _old = new();
    private long _youngBytes;

    public ProfileMemory(IOptions<LookupOptions> options, AvailableMemory memory, ErasedUsers erased)
    {
        (_erased, _halfBytes) = (erased, Math.Min(options.Value.MemoryBytes, memory.Cache) / 2);
        erased.Subscribe(() => _young.Keys.Concat(_old.Keys), Drop);
    }

    public int Count => _young.Keys.Union(_old.Keys).Count();

    /// <summary>The user's profile as it was last read; null if it is not cached.</summary>
    public CachedProfile? Find(string userId) =>
        _young.TryGetValue(userId, out var profile) ? profile
        : _old.TryGetValue(userId, out profile) ? Keep(profile, (_, _) => true)
        : null;

    /// <summary>Caches a profile, unless the user's cached one is to stay. Returns the profile that is cached.</summary>
    /// <param name="stays">Whether the first profile, the cached one, stays instead of the second.</param>
    public CachedProfile Keep(CachedProfile profile, Func<CachedProfile, CachedProfile, bool> stays)
    {
        var kept = KeepYoung(profile, stays);
        if (_erased.Covers(profile.Profile.UserId, profile.Profile.Revision)) // it was read before the erasure
            Drop(profile.Profile.UserId);
        return kept;
    }

    private void Drop(string userId)
    {
        lock (_keeping)
        {
            if (_young.TryRemove(userId, out var profile))
                _youngBytes -= profile.Encoded.Bytes;
            _old.TryRemove(userId, out _);
        }
    }

    private CachedProfile KeepYoung(CachedProfile profile, Func<CachedProfile, CachedProfile, bool> stays)
    {
        var userId = profile.Profile.UserId;
        lock (_keeping)
        {
            var isYoung = _young.TryGetValue(userId, out var former);
            if ((isYoung || _old.TryGetValue(userId, out former)) && stays(former!, profile))
                profile = former!;
            var bytes = profile.Encoded.Bytes;
            if (bytes > _halfBytes)
                return profile;
            _young[userId] = profile;
            _youngBytes += bytes - (isYoung ? former!.Encoded.Bytes : 0);
            if (_youngBytes > _halfBytes)
                (_old, _young, _youngBytes) = (_young, new(), 0);
            return profile;
        }
    }
}
