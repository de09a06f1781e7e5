namespace ProfileService.Client;

/// <summary>What a user may do next.</summary>
/// <param name="Kinds">Kinds of the next event, the likeliest first; the probabilities add up to 1. Null where the user has no events.</param>
/// <param name="Categories">Its categories, the likeliest first; the probabilities add up to 1. Null where the service knows of no item what it is.</param>
/// <param name="Stale">True where the profile is behind the user's events, or that cannot be told; null otherwise.</param>
public sealed record Predictions(
    string UserId, string Model, long Revision, IReadOnlyList<PredictedKind>? Kinds = null, IReadOnlyList<PredictedCategory>? Categories = null, bool? Stale = null);

/// <param name="Probability">0 to 1.</param>
public sealed record PredictedKind(string Kind, double Probability);

/// <param name="Probability">0 to 1.</param>
public sealed record PredictedCategory(string Category, double Probability);
