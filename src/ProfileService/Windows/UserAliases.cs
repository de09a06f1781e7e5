using System.Collections.Concurrent;

namespace ProfileService.Windows;

/// <summary>
/// Which ids are aliases of another one, in memory: they are asked for with each event and each lookup. A few hundred bytes an alias.
/// Without any, asking costs a comparison.
/// </summary>
internal sealed class UserAliases
{
    private readonly ConcurrentDictionary<string, UserAlias> _aliases = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _dropped = new(); // by erasures; they may have been merged again since
    private volatile bool _isAny; // once true, it stays so

    public UserAliases(ErasedUsers erased) => erased.SubscribeToErasures(() => _aliases.Keys, Drop);

    /// <summary>Whether there may be any.</summary>
    public bool IsAny => _isAny;

    /// <summary>All of them, by their ids.</summary>
    public IEnumerable<KeyValuePair<string, UserAlias>> All => _aliases;

    public void Take(string userId, UserAlias alias)
    {
        _aliases[userId] = alias;
        _isAny = true;
    }

    /// <summary>An id that an erasure dropped, the same one until it is <see cref="Settle"/>d; null if there is none.</summary>
    public string? FindDropped() => _dropped.TryPeek(out var userId) ? userId : null;

    public void Settle() => _dropped.TryDequeue(out _);

    /// <summary>Null if the id is nobody's alias.</summary>
    public UserAlias? Find(string userId) => _isAny ? _aliases.GetValueOrDefault(userId) : null;

    /// <summary>The id under which the person is known; the same one if it is nobody's alias.</summary>
    public string PersonOf(string userId) => Find(userId)?.PersonId ?? userId;

    private void Drop(string userId)
    {
        if (_aliases.TryRemove(userId, out _))
            _dropped.Enqueue(userId);
    }
}

/// <summary>Whose alias an id is.</summary>
/// <param name="PersonId">Is no alias itself.</param>
/// <param name="ErasedBefore">
/// Events of the alias with this timestamp, µs, or an earlier one are from before its erasure; 0 if it was never erased.
/// </param>
internal sealed record UserAlias(string PersonId, long ErasedBefore);
