namespace ProfileService.Similar;

/// <summary>Ids of users that wait for something, each once. Whoever waits longest is taken first.</summary>
/// <param name="most">Maximum number of ids.</param>
internal sealed class WaitingUsers(int most)
{
    private readonly Lock _changing = new();
    private readonly LinkedList<Waiting> _order = new();
    private readonly Dictionary<string, LinkedListNode<Waiting>> _users = new(StringComparer.Ordinal);

    /// <summary>Returns false if there are too many. A user that waits already keeps its place.</summary>
    /// <param name="revision">The revision that the user waits for.</param>
    public bool TryAdd(string userId, long revision)
    {
        lock (_changing)
        {
            if (_users.TryGetValue(userId, out var waiting))
                waiting.Value = waiting.Value with { Revision = Math.Max(revision, waiting.Value.Revision) };
            else if (_users.Count < most)
                _users.Add(userId, _order.AddLast(new Waiting(userId, revision)));
            else
                return false;
            return true;
        }
    }

    public void Remove(string userId) => Remove(userId, long.MaxValue);

    /// <summary>Removes a user, unless it waits for a higher revision.</summary>
    public void Remove(string userId, long revision)
    {
        lock (_changing)
        {
            if (!_users.TryGetValue(userId, out var waiting) || waiting.Value.Revision > revision)
                return;
            _users.Remove(userId);
            _order.Remove(waiting);
        }
    }

    /// <summary>All of them, as they are now.</summary>
    public IReadOnlyList<string> Snapshot()
    {
        lock (_changing)
            return [.. _order.Select(w => w.UserId)];
    }

    /// <summary>Removes up to so many and returns them.</summary>
    public IReadOnlyList<string> Take(int count)
    {
        lock (_changing)
        {
            List<string> taken = [.. _order.Take(count).Select(w => w.UserId)];
            foreach (var userId in taken)
            {
                _users.Remove(userId);
                _order.RemoveFirst();
            }

            return taken;
        }
    }

    private readonly record struct Waiting(string UserId, long Revision);
}
