namespace ProfileService.Client;

/// <summary>What a user may want next.</summary>
/// <param name="Items">The best first.</param>
/// <param name="Stale">True where the profile is behind the user's events, or that cannot be told; null otherwise.</param>
public sealed record Recommendations(string UserId, string Model, long Revision, IReadOnlyList<Recommendation> Items, bool? Stale = null);

/// <summary>A recommended item; what the catalogue does not know of it is null.</summary>
/// <param name="Score">Higher is better; scores of one model compare.</param>
public sealed record Recommendation(string ItemId, double Score, string? Title = null, IReadOnlyList<string>? Categories = null, double? Price = null);
