using System.Collections.Concurrent;
using ProfileService.Platform;

namespace ProfileService.Windows;

/// <summary>
/// Aliases under which a window may lie: the refresh found one, because a process appended to it that did not know the alias yet, or this
/// process has just learnt of the alias. Whoever moves a window drops the claim with it; if nobody does, the lease ends and the refresh
/// finds it again.
/// </summary>
internal sealed class MisplacedWindows(TimeProvider time) : Signal(time)
{
    private const int MaxUsers = 10_000; // others are found again when their leases have ended

    private readonly ConcurrentQueue<string> _found = [];

    public void Add(IEnumerable<string> userIds)
    {
        foreach (var userId in userIds.Take(MaxUsers - _found.Count))
            _found.Enqueue(userId);
        Raise();
    }

    /// <summary>Puts back one that was taken, to be tried again at the next look: unlike <see cref="Add"/>, it asks for none.</summary>
    public void PutBack(string userId) => _found.Enqueue(userId);

    public string? Take() => _found.TryDequeue(out var userId) ? userId : null;
}
