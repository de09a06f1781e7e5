namespace ProfileService.Client;

/// <summary>What a user may do next.</summary>
/// <param name="UserId">Whose next event it is.</param>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Revision">Revision of the profile that the categories are computed from.</param>
/// <param name="Kinds">Every kind of event, the likeliest first; null if the user has no events.</param>
/// <param name="Categories">The 20 likeliest categories, the likeliest first; null if the service knows the category of no item.</param>
/// <param name="Stale">True if the profile is behind the user's events, or that is unknown; null otherwise.</param>
public sealed record Predictions(
    string UserId,
    string Model,
    long Revision,
    IReadOnlyList<PredictedKind>? Kinds = null,
    IReadOnlyList<PredictedCategory>? Categories = null,
    bool? Stale = null);

/// <summary>A kind of event, and how likely it is next.</summary>
/// <param name="Kind">As in events.</param>
/// <param name="Probability">0 to 1; those of all kinds sum to 1.</param>
public sealed record PredictedKind(string Kind, double Probability);

/// <summary>A category, and how likely the next event is of it.</summary>
/// <param name="Category">As in items.</param>
/// <param name="Probability">0 to 1; those of the list sum to 1.</param>
public sealed record PredictedCategory(string Category, double Probability);
