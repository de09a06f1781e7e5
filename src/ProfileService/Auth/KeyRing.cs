using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using ProfileService.Storage;

namespace ProfileService.Auth;

/// <summary>The keys in memory, as the record had them when <see cref="KeyWorker"/> last read them.</summary>
internal sealed class KeyRing(IOptions<AuthOptions> options)
{
    private volatile FrozenDictionary<string, KnownKey> _keys = FrozenDictionary<string, KnownKey>.Empty;

    public IReadOnlyCollection<KnownKey> Keys => _keys.Values;

    public bool Knows(string id) => _keys.ContainsKey(id);

    /// <summary>The key that a caller presents; null if there is none.</summary>
    public KnownKey? Find(ReadOnlySpan<char> key) =>
        ApiKey.IdOf(key) is { } id && _keys.TryGetValue(id, out var known) && known.Is(key) ? known : null;

    public void Replace(IReadOnlyList<ApiKeyRow> rows)
    {
        var former = _keys;
        _keys = rows.Select(row => new KnownKey(row, options.Value)).ToFrozenDictionary(key => key.Row.Id);
        foreach (var key in _keys.Values)
        {
            if (former.GetValueOrDefault(key.Row.Id)?.LastUsedAt is { } used)
                key.UsedAt(used);
        }
    }
}
