namespace ProfileService.Client;

/// <summary>What a user may do next.</summary>
/// <param name="Kinds">Kinds of the next event, the likeliest first; the probabilities add up to 1. Null where the user has no events.</param>
/// <param name="Categories">Its categories, the likeliest first; the probabilities add up to 1. Null where the service knows of no item what it is.</param>
public sealed record Predictions(
    string UserId, string Model, long Revision, IReadOnlyList<PredictedKind>? Kinds = null, IReadOnlyList<PredictedCategory>? Categories = null);

/// <param name="Probability">0 to 1.</param>
public sealed record PredictedKind(string Kind, double Probability);

/// <param name="Probability">0 to 1.</param>
public sealed record PredictedCategory(string Category, double Probability);
