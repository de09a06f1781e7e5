using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>A profile in <see cref="ProfileMemory"/>, with the state that <see cref="ProfileFinder"/> records.</summary>
internal sealed class CachedProfile(Profile profile, ReadStart start)
{
    private long _confirmedAt;
    private bool _isBeingChecked;
    private bool _wasFound;

    public EncodedProfile Encoded { get; } = new(profile);

    public Profile Profile => Encoded.Profile;

    /// <summary>Its place among those that <see cref="ProfileMemory"/> drops in turn; null if it is not kept.</summary>
    public LinkedListNode<CachedProfile>? Turn { get; set; }

    /// <summary>Whether it was found since its last turn.</summary>
    public bool WasFound
    {
        get => Volatile.Read(ref _wasFound);
        set
        {
            if (_wasFound != value) // the same memory is not written by each lookup
                Volatile.Write(ref _wasFound, value);
        }
    }

    /// <summary>State before it was read.</summary>
    public ReadStart Start { get; } = start;

    /// <summary>Timestamp of when it was last found to be current; null if it is not, or was never checked.</summary>
    public long? ConfirmedAt => Volatile.Read(ref _confirmedAt) is not 0 and var at ? at : null;

    public void Confirm(long at) => Volatile.Write(ref _confirmedAt, at);

    /// <summary>Records that its window is ahead of it, or missing.</summary>
    public void Doubt() => Volatile.Write(ref _confirmedAt, 0);

    /// <summary>Returns true if the caller must compare it with its window and then call <see cref="EndCheck"/>.</summary>
    public bool TryBeginCheck() => !Interlocked.Exchange(ref _isBeingChecked, true);

    public void EndCheck() => Volatile.Write(ref _isBeingChecked, false);
}

/// <summary>State before a profile was read from the stores.</summary>
/// <param name="Change">Count of the user's changes.</param>
/// <param name="At">Timestamp.</param>
internal readonly record struct ReadStart(int Change, long At);
