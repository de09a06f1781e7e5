namespace ProfileService.Client;

/// <summary>Events and attributes of a session that the service does not store.</summary>
public sealed record SessionRequest
{
    /// <summary>Events of one user in any order, up to 1,000 by default (<c>Events:MaxArrayLength</c>).</summary>
    public IReadOnlyList<UserEvent>? Events { get; init; }

    /// <summary>Name and value, up to 64.</summary>
    public IReadOnlyDictionary<string, AttributeValue>? Attributes { get; init; }

    /// <summary>Which items to recommend beside the profile; null for none.</summary>
    public RecommendationRequest? Recommend { get; init; }
}

/// <summary>The profile of a session.</summary>
/// <param name="Vector">
/// Of unit length; by some models all zeros if nothing is known of the session. Compare only vectors of one model.
/// </param>
/// <param name="Dimension">Length of the model's vectors.</param>
/// <param name="Model">Name and version of the model that computed the profile.</param>
/// <param name="EventCount">Number of events that the profile was computed from: those that a window holds.</param>
/// <param name="Evidence">How much the profile is based on, 0 to 1.</param>
/// <param name="Dimensions">What the profile says in words and numbers.</param>
/// <param name="Items">What fits, the best first; null unless it was asked for.</param>
/// <param name="Popular">What many users met, to fill up the items; null unless it was asked for.</param>
/// <param name="After">What the next page of the items is asked for with, beside the same session; null if there is none.</param>
/// <param name="UnknownFields">Names of fields of events that were passed over; null if there were none.</param>
/// <param name="Stale">True if the service could not look for later counts of popular items; null otherwise.</param>
public sealed record SessionProfile(
    IReadOnlyList<float> Vector,
    int Dimension,
    string Model,
    int EventCount,
    double Evidence,
    ProfileDimensions Dimensions,
    IReadOnlyList<RecommendedItem>? Items = null,
    IReadOnlyList<PopularItem>? Popular = null,
    string? After = null,
    IReadOnlyList<string>? UnknownFields = null,
    bool? Stale = null);
