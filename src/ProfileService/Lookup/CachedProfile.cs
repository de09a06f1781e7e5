using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>A profile in <see cref="ProfileMemory"/>, and what <see cref="ProfileFinder"/> notes of it.</summary>
internal sealed class CachedProfile(Profile profile, ReadStart start)
{
    private long _confirmedAt;
    private bool _isAsked;

    public EncodedProfile Encoded { get; } = new(profile);

    public Profile Profile => Encoded.Profile;

    /// <summary>When its reading began.</summary>
    public ReadStart Start { get; } = start;

    /// <summary>Timestamp at which it was found to be current; null if it never was, or is behind.</summary>
    public long? ConfirmedAt => Volatile.Read(ref _confirmedAt) is not 0 and var at ? at : null;

    public void Confirm(long at) => Volatile.Write(ref _confirmedAt, at);

    /// <summary>Its window was found to be ahead of it, or gone.</summary>
    public void Doubt() => Volatile.Write(ref _confirmedAt, 0);

    /// <summary>Whether the caller, and nobody else now, is to ask for its window; <see cref="EndAsking"/> follows.</summary>
    public bool BeginAsking() => !Interlocked.Exchange(ref _isAsked, true);

    public void EndAsking() => Volatile.Write(ref _isAsked, false);
}

/// <summary>What stood before a profile was read from the stores.</summary>
/// <param name="Change">The count of the user's changes.</param>
/// <param name="At">A timestamp.</param>
internal readonly record struct ReadStart(int Change, long At);
