using ProfileService.Model;

namespace ProfileService.Storage;

/// <summary>A row of the table <c>profiles</c>: a user's vector, and what it was computed from.</summary>
internal sealed class Profile
{
    public required string UserId { get; init; }

    /// <summary>Name and version of the model that computed the profile.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// Identifies the package among those with this name and version, see <see cref="ModelStamp.Digest"/>; empty if an earlier version of
    /// the service stored the profile.
    /// </summary>
    public required string Digest { get; init; }

    public ModelStamp Stamp => new(Model, Digest);

    public int Dimension => Vector.Length / sizeof(float);

    /// <summary>Revision of the window that the profile was computed from.</summary>
    public required long Revision { get; init; }

    /// <summary>
    /// Number of the last change of the row; it rises with each, see <see cref="ChangeNumbers"/>. The database gives it. 0 if the row was
    /// last stored before there were numbers.
    /// </summary>
    public long Change { get; init; }

    /// <summary>Number of events in that window.</summary>
    public required int EventCount { get; init; }

    /// <summary>Timestamp of the newest of these events; <see cref="DateTime.UnixEpoch"/> if there is none.</summary>
    public required DateTime EventsThrough { get; init; }

    public required DateTime ComputedAt { get; init; }

    /// <summary>[D] float32, little-endian, unit length; by some models all zeros if nothing is known of the user.</summary>
    public required byte[] Vector { get; init; }

    /// <summary>How much the profile is based on, from 0 to below 1; see Dimensions/Evidence.cs.</summary>
    public float Evidence { get; init; }

    /// <summary>The readable dimensions (Dimensions/ProfileDimensions.cs) as JSON; null if none were computed.</summary>
    public string? Dimensions { get; init; }
}
