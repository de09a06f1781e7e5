namespace ProfileService.Similar;

/// <summary>Ids of users that wait for something, each once, in any order.</summary>
/// <param name="most">Maximum number of ids.</param>
internal sealed class WaitingUsers(int most)
{
    private readonly Lock _changing = new();
    private readonly HashSet<string> _users = new(StringComparer.Ordinal);

    /// <summary>Returns false if there are too many.</summary>
    public bool TryAdd(string userId)
    {
        lock (_changing)
            return _users.Contains(userId) || (_users.Count < most && _users.Add(userId));
    }

    public void Remove(string userId)
    {
        lock (_changing)
            _users.Remove(userId);
    }

    /// <summary>All of them, as they are now.</summary>
    public IReadOnlyList<string> Snapshot()
    {
        lock (_changing)
            return [.. _users];
    }

    /// <summary>Removes up to so many and returns them.</summary>
    public IReadOnlyList<string> Take(int count)
    {
        lock (_changing)
        {
            List<string> taken = [.. _users.Take(count)];
            _users.ExceptWith(taken);
            return taken;
        }
    }
}
