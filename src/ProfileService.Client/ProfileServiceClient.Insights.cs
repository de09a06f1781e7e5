namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    /// <summary>Which events made a user's profile, and how much each of them; null where nothing is known of the user.</summary>
    public Task<Explanation?> GetExplanationAsync(string userId, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(Address.OfUser(userId, "explanation"), ClientJson.Default.Explanation, cancellationToken);

    /// <summary>What a user may want next; null where nothing is known of the user.</summary>
    /// <param name="count">1 to 1,000.</param>
    /// <param name="excludeSeen">Whether to leave out the items of the user's own events.</param>
    /// <param name="categories">Only items of one of these; null for all.</param>
    /// <exception cref="ProfileServiceException">409: the active model cannot recommend; the detail says which could.</exception>
    public Task<Recommendations?> GetRecommendationsAsync(
        string userId, int count = 20, bool excludeSeen = true, IEnumerable<string>? categories = null, CancellationToken cancellationToken = default)
    {
        (string, object?)[] query = [("count", count), ("excludeSeen", excludeSeen), .. (categories ?? []).Select(c => ("categories", (object?)c))];
        return _calls.FindAsync(Address.Query(Address.OfUser(userId, "recommendations"), query), ClientJson.Default.Recommendations, cancellationToken);
    }

    /// <summary>What a user may do next; null where nothing is known of the user.</summary>
    public Task<Predictions?> GetPredictionsAsync(string userId, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(Address.OfUser(userId, "predictions"), ClientJson.Default.Predictions, cancellationToken);

    /// <summary>Users like a user; null where nothing is known of the user.</summary>
    /// <param name="count">1 to 1,000.</param>
    public Task<SimilarUsers?> GetSimilarAsync(string userId, int count = 20, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(Address.Query(Address.OfUser(userId, "similar"), ("count", count)), ClientJson.Default.SimilarUsers, cancellationToken);
}
