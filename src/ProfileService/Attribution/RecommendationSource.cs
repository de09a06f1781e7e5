namespace ProfileService.Attribution;

/// <summary>What an id says of the recommendation that it was made for.</summary>
/// <param name="Model">Name and version of the model that recommended.</param>
/// <param name="Day">When, in UTC.</param>
internal readonly record struct RecommendationSource(string Model, DateOnly Day);
