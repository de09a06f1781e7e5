namespace ProfileService.Client;

/// <summary>One thing that a user did to one item at one time.</summary>
public sealed record UserEvent
{
    /// <summary>Makes the event the same when it is sent again; derived from user, kind, item and timestamp where it is null. 1 to 128 characters.</summary>
    public string? EventId { get; init; }

    /// <summary>Opaque, 1 to 128 characters, no control characters, not . or ..</summary>
    public required string UserId { get; init; }

    /// <summary>One of <see cref="EventKind"/>, or of the kinds that the service is set to take beside them.</summary>
    public required string Kind { get; init; }

    /// <summary>Opaque, 1 to 128 characters, no control characters, not . or ..</summary>
    public required string ItemId { get; init; }

    /// <summary>When it happened, kept to the microsecond; not before 1970, at most 5 minutes ahead of the service's clock.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Up to 8 of 1 to 128 characters, the most specific first. Where there are none the service takes the item's.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Price, rating or amount; finite.</summary>
    public double? Value { get; init; }

    /// <summary>What the user wrote, up to 4,000 characters.</summary>
    public string? Text { get; init; }
}
