using ProfileService.Model;

namespace ProfileService.Storage;

/// <summary>What the service knows of a user: the vector, and what it was computed from.</summary>
internal sealed class Profile
{
    public required string UserId { get; init; }

    /// <summary>Name and version of the model that computed it.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// Tells that package from others of its name and version, see <see cref="ModelStamp.Digest"/>; empty if an earlier version of the service stored it.
    /// </summary>
    public required string Digest { get; init; }

    public ModelStamp Stamp => new(Model, Digest);

    /// <summary>Which vectors this one can be compared with.</summary>
    public VectorSpace Space => new(Stamp, Vector.Length / sizeof(float));

    /// <summary>Revision of the window that it was computed from.</summary>
    public required long Revision { get; init; }

    /// <summary>Events that the window held.</summary>
    public required int EventCount { get; init; }

    /// <summary>Timestamp of the newest of them; <see cref="DateTime.UnixEpoch"/> where there is none.</summary>
    public required DateTime EventsThrough { get; init; }

    public required DateTime ComputedAt { get; init; }

    /// <summary>[D] float32, little-endian, unit length; all zeros where the model knows nothing of the user.</summary>
    public required byte[] Vector { get; init; }

    /// <summary>How much the vector rests on, see Dimensions/Confidence.cs. 0 to below 1.</summary>
    public float Confidence { get; init; }

    /// <summary>The readable dimensions (Dimensions/ProfileDimensions.cs) as JSON; null where none were computed.</summary>
    public string? Dimensions { get; init; }
}
