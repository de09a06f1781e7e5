namespace ProfileService.Windows;

/// <summary>
/// Counts what this process itself changes, windows and profiles, so that what it remembers of a user is not used past such a change.
/// Only the two that store count: <see cref="CountedWindowStore"/> and the store of profiles. Users share counters: a change of one may
/// cost another a read, never a wrong answer.
/// </summary>
internal sealed class UserChanges
{
    private const int Counters = 1 << 16; // 256 KB; of a process that changes 10,000 users a second each moves once in 6 seconds

    private readonly int[] _counts = new int[Counters];

    /// <summary>To be called when the changes are stored, and before anybody is told that they are.</summary>
    public void Note(IEnumerable<string> userIds)
    {
        foreach (var userId in userIds)
            Interlocked.Increment(ref Counter(userId));
    }

    /// <summary>A number that is another after each change of the user.</summary>
    public int Count(string userId) => Volatile.Read(ref Counter(userId));

    private ref int Counter(string userId) => ref _counts[userId.GetHashCode() & (Counters - 1)];
}
