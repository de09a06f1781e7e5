using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using ProfileService.Storage;

namespace ProfileService.Auth;

/// <summary>The keys in memory, as the database had them when <see cref="KeyWorker"/> last read them.</summary>
internal sealed class KeyRing(KeyStore store, IOptions<AuthOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1);
    private volatile FrozenDictionary<string, KnownKey> _keys = FrozenDictionary<string, KnownKey>.Empty;

    public IReadOnlyCollection<KnownKey> Keys => _keys.Values;

    public bool Knows(string id) => _keys.ContainsKey(id);

    /// <summary>The known key that equals the one a caller presents; null if there is none.</summary>
    public KnownKey? Find(ReadOnlySpan<char> key) =>
        ApiKey.IdOf(key) is { } id && _keys.TryGetValue(id, out var known) && known.Is(key) ? known : null;

    /// <summary>Reads the keys, one caller at a time, so that no older list replaces a newer one.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            Replace(await store.ListAsync(cancellationToken));
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private void Replace(IReadOnlyList<ApiKeyRow> rows)
    {
        var (former, keys) = (_keys, rows.Select(row => new KnownKey(row, options.Value)).ToFrozenDictionary(key => key.Row.Id));
        foreach (var key in keys.Values)
        {
            if (former.GetValueOrDefault(key.Row.Id)?.LastUsedAt is { } used)
                key.UsedAt(used);
        }

        _keys = keys; // last: a use of a new one is not overwritten by a former time
    }
}
