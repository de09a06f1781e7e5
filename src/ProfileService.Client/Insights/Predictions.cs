namespace ProfileService.Client;

/// <summary>What a user may do next.</summary>
/// <param name="Kinds">Kinds of the next event, the likeliest first; the probabilities add up to 1.</param>
/// <param name="Categories">Its categories, the likeliest first; the probabilities add up to 1.</param>
public sealed record Predictions(
    string UserId, string Model, IReadOnlyList<PredictedKind> Kinds, IReadOnlyList<PredictedCategory> Categories, long Revision = 0);

/// <param name="Probability">0 to 1.</param>
public sealed record PredictedKind(string Kind, double Probability);

/// <param name="Probability">0 to 1.</param>
public sealed record PredictedCategory(string Category, double Probability);
