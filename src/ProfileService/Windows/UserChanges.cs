namespace ProfileService.Windows;

/// <summary>
/// Counts the changes that this process makes to each user's window and profile, so that a remembered profile is not used after a later
/// change. Only <see cref="CountedWindowStore"/> and the store of profiles count. Users share counters; therefore a change of one user may
/// cause a read for another, but never a wrong response.
/// </summary>
internal sealed class UserChanges
{
    private const int Counters = 1 << 16; // 256 KB; at 10,000 changes per second, a counter changes every 6 s on average

    private readonly int[] _counts = new int[Counters];

    /// <summary>Counts a change of each user. Must be called after the changes are stored, and before a caller learns of them.</summary>
    public void Note(IEnumerable<string> userIds)
    {
        foreach (var userId in userIds)
            Interlocked.Increment(ref Counter(userId));
    }

    /// <summary>A number that differs after each change of the user.</summary>
    public int CountOf(string userId) => Volatile.Read(ref Counter(userId));

    private ref int Counter(string userId) => ref _counts[userId.GetHashCode() & (Counters - 1)];
}
