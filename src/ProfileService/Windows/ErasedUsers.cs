using System.Collections.Concurrent;
using ProfileService.Platform;

namespace ProfileService.Windows;

/// <summary>
/// Takes erased users out of this process's memory. What was read or computed before an erasure may be put there after it; therefore
/// whoever keeps something of a user asks afterwards (<see cref="Covers"/>, <see cref="Contains"/>), and drops it if the user was erased.
/// </summary>
internal sealed class ErasedUsers(UserHash hashes, UserChanges changes, TimeProvider time)
{
    // For longer than any refresh or lookup runs.
    private static readonly TimeSpan RememberFor = TimeSpan.FromMinutes(10);

    private readonly Lock _subscribing = new();
    private readonly ConcurrentDictionary<string, Erased> _recent = new(StringComparer.Ordinal); // by hash
    private volatile Memory[] _memories = [];
    private volatile Memory[] _ofErasures = [];

    /// <param name="users">The ids that the memory holds.</param>
    /// <param name="forget">Drops a user; must not throw.</param>
    public void Subscribe(Func<IEnumerable<string>> users, Action<string> forget)
    {
        lock (_subscribing)
            _memories = [.. _memories, new Memory(users, forget)];
    }

    /// <summary>As <see cref="Subscribe"/>, for what is dropped if a user is erased, and only then.</summary>
    public void SubscribeToErasures(Func<IEnumerable<string>> users, Action<string> forget)
    {
        lock (_subscribing)
            _ofErasures = [.. _ofErasures, new Memory(users, forget)];
    }

    /// <summary>Whether a revision of the user is from before an erasure that was told lately.</summary>
    public bool Covers(string userId, long revision) => FindRecent(userId) is { } erased && revision <= erased.Floor;

    /// <summary>Whether an erasure of the user was told lately, for what has no revision.</summary>
    public bool Contains(string userId) => FindRecent(userId) is not null;

    /// <summary>Drops a user from every memory.</summary>
    public void Forget(string userId, string hash, long floor)
    {
        Remember(hash, floor);
        Drop(userId);
        foreach (var memory in _ofErasures)
            memory.Forget(userId);
    }

    /// <summary>The ids that the memories hold.</summary>
    public IReadOnlyCollection<string> UsersInMemory() => UsersIn(_memories);

    /// <summary>Drops what every memory has of a user now; what is read afterwards may be kept.</summary>
    public void Drop(string userId)
    {
        changes.Note([userId]);
        foreach (var memory in _memories)
            memory.Forget(userId);
    }

    /// <summary>Drops users whose ids are unknown from every memory, by the hashes of all ids there.</summary>
    public void ForgetByHash(IReadOnlyDictionary<string, long> floors)
    {
        foreach (var (hash, floor) in floors)
            Remember(hash, floor);
        foreach (var userId in UsersIn([.. _memories, .. _ofErasures]))
        {
            if (floors.TryGetValue(hashes.Of(userId), out var floor))
                Forget(userId, hashes.Of(userId), floor);
        }
    }

    private static HashSet<string> UsersIn(Memory[] memories) => [.. memories.SelectMany(memory => memory.Users())];

    private Erased? FindRecent(string userId) =>
        !_recent.IsEmpty && _recent.TryGetValue(hashes.Of(userId), out var erased) && !IsOld(erased) ? erased : null;

    // What is old stays until the next erasure, however far off that is; whoever reads leaves it out.
    private void Remember(string hash, long floor)
    {
        foreach (var (other, erased) in _recent)
        {
            if (IsOld(erased))
                _recent.TryRemove(other, out _);
        }

        _recent[hash] = new Erased(floor, time.GetTimestamp());
    }

    private bool IsOld(Erased erased) => time.GetElapsedTime(erased.At) > RememberFor;

    private readonly record struct Erased(long Floor, long At);

    private sealed record Memory(Func<IEnumerable<string>> Users, Action<string> Forget);
}
