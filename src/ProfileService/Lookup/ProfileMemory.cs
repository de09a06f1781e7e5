using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>
/// The profiles that were last looked up, in about <see cref="LookupOptions.MemoryBytes"/>. Which of them may be answered is
/// <see cref="ProfileFinder"/>'s to say.
/// </summary>
/// <remarks>
/// Two halves: what is looked up goes into the young one. When that is full, it becomes the old one, and what the old one held and nobody
/// looked up meanwhile is forgotten.
/// </remarks>
internal sealed class ProfileMemory(IOptions<LookupOptions> options, AvailableMemory atHand)
{
    private readonly Lock _keeping = new();
    private readonly long _halfBytes = Math.Min(options.Value.MemoryBytes, atHand.Cache) / 2;
    private volatile ConcurrentDictionary<string, CachedProfile> _young = new();
    private volatile ConcurrentDictionary<string, CachedProfile> _old = new();
    private long _youngBytes;

    public int Count => _young.Keys.Union(_old.Keys).Count();

    /// <summary>The user's profile as it was last read, or null.</summary>
    public CachedProfile? Find(string userId) =>
        _young.TryGetValue(userId, out var profile) ? profile
        : _old.TryGetValue(userId, out profile) ? Keep(profile, (_, _) => true)
        : null;

    /// <summary>Keeps a profile, unless the one of the user that it would replace stays. Returns the one that is kept.</summary>
    /// <param name="stays">Whether the former one, the first, stays in spite of the second.</param>
    public CachedProfile Keep(CachedProfile profile, Func<CachedProfile, CachedProfile, bool> stays)
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
