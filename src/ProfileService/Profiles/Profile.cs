namespace ProfileService.Profiles;

/// <summary>What the service knows of a user: the vector, and what it was computed from.</summary>
internal sealed class Profile
{
    public required string UserId { get; init; }

    /// <summary>Name and version of the model that computed it.</summary>
    public required string Model { get; init; }

    /// <summary>Revision of the window that it was computed from.</summary>
    public required long Revision { get; init; }

    /// <summary>Events that the window held.</summary>
    public required int EventCount { get; init; }

    /// <summary>Timestamp of the newest of them.</summary>
    public required DateTime EventsThrough { get; init; }

    public required DateTime ComputedAt { get; init; }

    /// <summary>[D] float32, little-endian, unit length.</summary>
    public required byte[] Vector { get; init; }
}
