namespace ProfileService.Client;

/// <summary>One thing that a user did to one item at one time.</summary>
public sealed record UserEvent
{
    /// <summary>
    /// Two events of a user with the same id are the same event, so that an event may be sent again. 1 to 128 characters; if null, the
    /// service derives it from user, kind, item and timestamp.
    /// </summary>
    public string? EventId { get; init; }

    /// <summary>Who did it. 1 to 128 characters, no control characters, not <c>.</c> or <c>..</c>.</summary>
    public required string UserId { get; init; }

    /// <summary>What was done: one of <see cref="EventKinds"/>, or of the kinds that the service is set to take beside them.</summary>
    public required string Kind { get; init; }

    /// <summary>What it was done to. 1 to 128 characters, no control characters, not <c>.</c> or <c>..</c>.</summary>
    public required string ItemId { get; init; }

    /// <summary>
    /// When it happened, kept to the microsecond. Not before 1970; by default at most 5 minutes ahead of the service's clock.
    /// </summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>
    /// The item's categories, the most specific first: up to 8, each of 1 to 128 characters. If null, those that the service knows of the
    /// item count.
    /// </summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Price, rating or amount; finite, in a unit of your own.</summary>
    public double? Value { get; init; }

    /// <summary>What the user wrote, up to 4,000 characters.</summary>
    public string? Text { get; init; }

    /// <summary>
    /// The <see cref="Recommendations.RecommendationId"/> of the answer that listed the item, if it led to this event. The service counts
    /// it by model (<see cref="ServiceStatus.Recommendations"/>), and does not store it with the event.
    /// </summary>
    public string? RecommendationId { get; init; }
}
