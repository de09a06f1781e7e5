using System.Runtime.CompilerServices;

namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    /// <summary>Explains a user's profile; null if nothing is known of the user. The service runs the model for this answer.</summary>
    /// <param name="userId">1 to 128 characters.</param>
    public Task<Explanation?> GetExplanationAsync(string userId, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(Address.OfUser(userId, "explanation"), ClientJson.Default.Explanation, cancellationToken);

    /// <summary>Recommends items to a user; null if nothing is known of the user.</summary>
    /// <param name="userId">1 to 128 characters.</param>
    /// <param name="count">Number of items at most, 1 to 1,000.</param>
    /// <param name="excludeSeen">Whether to leave out the items of the user's own events.</param>
    /// <param name="categories">Keeps only items of these categories, up to 64; null for all.</param>
    /// <exception cref="ProfileServiceException">409: the active model has no item vectors; the detail says which model has.</exception>
    public Task<Recommendations?> GetRecommendationsAsync(
        string userId,
        int count = 20,
        bool excludeSeen = true,
        IEnumerable<string>? categories = null,
        CancellationToken cancellationToken = default)
    {
        var names = (categories ?? []).Select(category => ("categories", (object?)category));
        var path = Address.Query(Address.OfUser(userId, "recommendations"), [("count", count), ("excludeSeen", excludeSeen), .. names]);
        return _calls.FindAsync(path, ClientJson.Default.Recommendations, cancellationToken);
    }

    /// <summary>Recommends items to a user, with filters; null if nothing is known of the user and there is no fallback.</summary>
    /// <param name="userId">1 to 128 characters.</param>
    /// <param name="request">Which items, and how many.</param>
    /// <exception cref="ProfileServiceException">409: the active model has no item vectors; the detail says which model has.</exception>
    public Task<Recommendations?> GetRecommendationsAsync(
        string userId, RecommendationRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var path = Address.Query(Address.OfUser(userId, "recommendations"), ("include", request.IncludeReason ? "reason" : null));
        var body = Bodies.Json(request, ClientJson.Default.RecommendationRequest);
        return _calls.FindAsync(_calls.Post(path, body), ClientJson.Default.Recommendations, cancellationToken);
    }

    /// <summary>
    /// Recommends items to a user page by page, the best first, until the list ends; none if nothing is known of the user. Each page is
    /// asked for when it is needed.
    /// </summary>
    /// <param name="userId">1 to 128 characters.</param>
    /// <param name="request">Which items; its count is that of a page.</param>
    /// <exception cref="ProfileServiceException">
    /// 409: the active model has no item vectors. 410 with code <c>cursor_unknown</c>: another model became active between two pages.
    /// </exception>
    public async IAsyncEnumerable<Recommendations> GetRecommendationPagesAsync(
        string userId, RecommendationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        while (await GetRecommendationsAsync(userId, request, cancellationToken).ConfigureAwait(false) is { } page)
        {
            yield return page;
            if (page.After is null)
                yield break;
            request = request with { After = page.After };
        }
    }

    /// <summary>Orders the caller's items by how well they fit a user; null if nothing is known of the user.</summary>
    /// <param name="userId">1 to 128 characters.</param>
    /// <param name="itemIds">Up to 1,000.</param>
    /// <exception cref="ProfileServiceException">409: the active model has no item vectors; the detail says which model has.</exception>
    public Task<RankedItems?> RankItemsAsync(
        string userId, IReadOnlyList<string> itemIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(itemIds);
        var body = Bodies.Json(new RankRequest(itemIds), ClientJson.Default.RankRequest);
        return _calls.FindAsync(_calls.Post(Address.OfUser(userId, "rank"), body), ClientJson.Default.RankedItems, cancellationToken);
    }

    /// <summary>Orders items by how well they fit each of many users.</summary>
    /// <param name="userIds">Up to 1,000 by default (<c>Lookup:MaxUsers</c>).</param>
    /// <param name="itemIds">Up to 1,000; users × items up to 100,000.</param>
    /// <exception cref="ProfileServiceException">409: the active model has no item vectors; the detail says which model has.</exception>
    public Task<BatchRanking> RankItemsOfUsersAsync(
        IReadOnlyList<string> userIds, IReadOnlyList<string> itemIds, CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(BatchRank(userIds, itemIds), ClientJson.Default.BatchRanking, cancellationToken);

    /// <summary>Scores items for many users, transferred as bytes.</summary>
    /// <param name="userIds">Up to 1,000 by default (<c>Lookup:MaxUsers</c>).</param>
    /// <param name="itemIds">Up to 1,000; users × items up to 100,000.</param>
    /// <exception cref="ProfileServiceException">409: the active model has no item vectors; the detail says which model has.</exception>
    public Task<ScoreMatrix> ScoreItemsOfUsersAsync(
        IReadOnlyList<string> userIds, IReadOnlyList<string> itemIds, CancellationToken cancellationToken = default) =>
        _calls.SendAsync(AcceptingBytes(BatchRank(userIds, itemIds)), async (response, token) =>
        {
            await ServiceCalls.ThrowIfRefusedAsync(response, token).ConfigureAwait(false);
            var headers = VectorHeaders.Of(response, userIds.Count);
            var values = new float[userIds.Count * headers.Dimension];
            await Floats.ReadAsync(response.Content, values, token).ConfigureAwait(false);
            return new ScoreMatrix(userIds, itemIds, headers.Model, values, headers.Unavailable);
        }, cancellationToken);

    /// <summary>Predicts a user's next event; null if nothing is known of the user.</summary>
    /// <param name="userId">1 to 128 characters.</param>
    /// <exception cref="ProfileServiceException">409: the active model has no item vectors; the detail says which model has.</exception>
    public Task<Predictions?> GetPredictionsAsync(string userId, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(Address.OfUser(userId, "predictions"), ClientJson.Default.Predictions, cancellationToken);

    /// <summary>Finds users with a similar profile; null if nothing is known of the user.</summary>
    /// <param name="userId">1 to 128 characters.</param>
    /// <param name="count">Number of users at most, 1 to 1,000.</param>
    /// <exception cref="ProfileServiceException">409: there are too many users to compare with, and no index.</exception>
    public Task<SimilarUsers?> GetSimilarAsync(string userId, int count = 20, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(
            Address.Query(Address.OfUser(userId, "similar"), ("count", count)), ClientJson.Default.SimilarUsers, cancellationToken);

    /// <summary>Finds the users whom an item fits best; null if nothing is known of the item.</summary>
    /// <param name="itemId">1 to 128 characters.</param>
    /// <param name="count">Number of users at most, 1 to 1,000.</param>
    /// <exception cref="ProfileServiceException">
    /// 409: the active model has no item vectors, or there are too many users to compare with, and no index.
    /// </exception>
    public Task<UsersOfItem?> GetItemUsersAsync(string itemId, int count = 20, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(
            Address.Query($"{Address.OfItem(itemId)}/users", ("count", count)), ClientJson.Default.UsersOfItem, cancellationToken);

    /// <summary>Finds the users whom a category fits best; null if the active model knows no item of it.</summary>
    /// <param name="category">1 to 128 characters.</param>
    /// <param name="count">Number of users at most, 1 to 1,000.</param>
    /// <exception cref="ProfileServiceException">
    /// 409: the active model has no item vectors, or there are too many users to compare with, and no index.
    /// </exception>
    public Task<UsersOfCategory?> GetCategoryUsersAsync(string category, int count = 20, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(
            Address.Query($"{Address.OfCategory(category)}/users", ("count", count)),
            ClientJson.Default.UsersOfCategory,
            cancellationToken);

    private HttpRequestMessage BatchRank(IReadOnlyList<string> userIds, IReadOnlyList<string> itemIds)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        ArgumentNullException.ThrowIfNull(itemIds);
        return _calls.Post("v1/rank", Bodies.Json(new BatchRankRequest(userIds, itemIds), ClientJson.Default.BatchRankRequest));
    }
}
