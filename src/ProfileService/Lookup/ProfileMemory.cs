using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>
/// Caches the profiles that were looked up, in about <see cref="LookupOptions.MemoryBytes"/>. <see cref="ProfileFinder"/> decides which of
/// them may be returned.
/// </summary>
/// <remarks>
/// When it is full, the profile that has been kept longest is dropped, unless it was looked up since its last turn (CLOCK: F. J. Corbató,
/// A Paging Experiment with the Multics System, 1968). Finding a profile only sets a flag, and all bytes serve.
/// </remarks>
internal sealed class ProfileMemory
{
    private readonly Lock _changing = new();
    private readonly ConcurrentDictionary<string, CachedProfile> _profiles = new();
    private readonly LinkedList<CachedProfile> _turns = new(); // whose turn to be dropped comes first stands first
    private readonly KeepingRule _rule;
    private readonly long _mostBytes;
    private long _bytes;

    public ProfileMemory(IOptions<LookupOptions> options, AvailableMemory memory, ErasedUsers erased, KeepingRule rule)
    {
        (_rule, _mostBytes) = (rule, Math.Min(options.Value.MemoryBytes, memory.Cache));
        erased.Subscribe(() => _profiles.Keys, Drop);
    }

    public int Count => _profiles.Count;

    /// <summary>The user's profile as it was last read; null if it is not cached.</summary>
    public CachedProfile? Find(string userId)
    {
        if (!_profiles.TryGetValue(userId, out var profile))
            return null;
        profile.WasFound = true;
        return profile;
    }

    /// <summary>Caches a profile, unless the user's cached one is to stay. Returns the profile that is cached.</summary>
    /// <param name="stays">Whether the first profile, the cached one, stays instead of the second.</param>
    public CachedProfile Keep(CachedProfile profile, Func<CachedProfile, CachedProfile, bool> stays)
    {
        var kept = Add(profile, stays);
        if (!_rule.MayKeep(profile.Profile.UserId, profile.Profile.Revision)) // any more, since it was read
            Drop(profile.Profile.UserId, profile.Profile.Revision);
        return kept;
    }

    private void Drop(string userId) => Drop(userId, long.MaxValue);

    /// <summary>Drops a user's profile, unless its revision is higher than this one.</summary>
    private void Drop(string userId, long revision)
    {
        lock (_changing)
        {
            if (_profiles.TryGetValue(userId, out var profile) && profile.Profile.Revision <= revision)
                Drop(profile);
        }
    }

    private CachedProfile Add(CachedProfile profile, Func<CachedProfile, CachedProfile, bool> stays)
    {
        lock (_changing)
        {
            if (_profiles.TryGetValue(profile.Profile.UserId, out var former))
            {
                if (stays(former, profile))
                    return former;
                EndTurns(former); // lookups find it until the other takes its place
            }

            profile.Turn = _turns.AddLast(profile);
            _profiles[profile.Profile.UserId] = profile;
            _bytes += profile.Encoded.Bytes;
            MakeRoom();
            return profile;
        }
    }

    // While profiles are being found, their flags are set again; therefore each has one more turn at most.
    private void MakeRoom()
    {
        for (var turns = _turns.Count; _bytes > _mostBytes; turns--)
        {
            var first = _turns.First!;
            if (turns <= 0 || !first.Value.WasFound)
            {
                Drop(first.Value);
                continue;
            }

            first.Value.WasFound = false;
            _turns.RemoveFirst();
            _turns.AddLast(first);
        }
    }

    private void Drop(CachedProfile profile)
    {
        _profiles.TryRemove(profile.Profile.UserId, out _);
        EndTurns(profile);
    }

    private void EndTurns(CachedProfile profile)
    {
        _turns.Remove(profile.Turn!);
        _bytes -= profile.Encoded.Bytes;
    }
}
