using ProfileService.Storage;

namespace ProfileService.Profiles;

/// <summary>Tells whoever keeps vectors of its own which profiles this process stored.</summary>
internal sealed class StoredFeed
{
    private readonly Lock _subscribing = new();
    private volatile Action<IReadOnlyList<Profile>>[] _readers = [];

    /// <param name="read">Is called on the refresh's time, by several threads at once; must be quick and must not fail.</param>
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
