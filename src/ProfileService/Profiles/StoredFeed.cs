using ProfileService.Storage;

namespace ProfileService.Profiles;

/// <summary>Passes the profiles that this process stores to the vector indexes.</summary>
internal sealed class StoredFeed
{
    private readonly Lock _subscribing = new();
    private volatile Action<IReadOnlyList<Profile>>[] _readers = [];

    /// <param name="read">Called by the refresh, from several threads at once; must be quick and must not throw.</param>
    public void Subscribe(Action<IReadOnlyList<Profile>> read)
    {
        lock (_subscribing)
            _readers = [.. _readers, read];
    }

    public void Tell(IReadOnlyList<Profile> stored)
    {
        foreach (var read in _readers)
            read(stored);
    }
}
