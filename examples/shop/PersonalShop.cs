using ProfileService.Client;

namespace Shop;

/// <summary>What the shop asks ProfileService. Where it does not answer, the shop goes on as one that knows nobody.</summary>
internal sealed partial class PersonalShop(
    ProfileServiceClient profiles, Catalogue catalogue, Patience patience, TimeProvider time, ILogger<PersonalShop> logger)
{
    private const int Shown = 8;
    private const int MostOfACategory = 3; // on the front page, so that it is no single shelf

    private readonly long _began = time.GetTimestamp(); // of the page: there is one of this for each request

    /// <summary>Says what the visitor does. A lost event costs the visitor nothing.</summary>
    /// <param name="from">The recommendations that led to it; null if none did.</param>
    public async Task SendAsync(
        string visitor, string kind, IReadOnlyList<CatalogueItem> items, string? from, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var events = items.Select(item => new UserEvent
        {
            UserId = visitor,
            Kind = kind,
            ItemId = item.ItemId,
            Timestamp = now,
            Value = item.Price,
            RecommendationId = from,
        });
        if (items.Count > 0)
            await AskAsync(token => profiles.SendEventsAsync(events, token), cancellationToken);
    }

    /// <summary>The front page: what fits the visitor as of the last click, or what many people met, or the catalogue.</summary>
    public async Task<FrontPage> FrontAsync(string visitor, CancellationToken cancellationToken)
    {
        var profile = await GetFreshAsync(visitor, cancellationToken);
        var request = new RecommendationRequest { Count = Shown, MaxPerCategory = MostOfACategory, Fallback = "popular" };
        var found = await AskAsync(token => profiles.GetRecommendationsAsync(visitor, request, token), cancellationToken);
        var interests = profile?.Dimensions?.Interests?.Select(interest => interest.Category).Take(3).ToList() ?? [];
        if (profile is not null && Known(found?.Items.Select(item => item.ItemId)) is { Count: > 0 } items)
            return new FrontPage("For you", items, interests, found?.RecommendationId);
        if (Known(found?.Popular?.Select(item => item.ItemId)) is { Count: > 0 } popular)
            return new FrontPage("Popular", popular, interests);
        return new FrontPage("From our catalogue", catalogue.Items.Take(Shown), interests);
    }

    public async Task<IEnumerable<CatalogueItem>> SimilarAsync(CatalogueItem item, CancellationToken cancellationToken)
    {
        var found = await AskAsync(
            token => profiles.GetSimilarItemsAsync(item.ItemId, Shown, cancellationToken: token), cancellationToken);
        return Known(found?.Items.Select(similar => similar.ItemId));
    }

    /// <summary>The shop's own search results, by how well they fit the visitor; those that have no score last.</summary>
    public async Task<IEnumerable<CatalogueItem>> RankAsync(
        string visitor, IReadOnlyList<CatalogueItem> items, CancellationToken cancellationToken)
    {
        if (items is [])
            return items;
        string[] ids = [.. items.Select(item => item.ItemId)];
        var ranked = await AskAsync(token => profiles.RankItemsAsync(visitor, ids, token), cancellationToken);
        var places = ranked?.Items.Index().ToDictionary(item => item.Item.ItemId, item => item.Index) ?? [];
        return items.OrderBy(item => places.GetValueOrDefault(item.ItemId, int.MaxValue));
    }

    /// <summary>What fits the visitor beside what lies in the basket.</summary>
    public async Task<IEnumerable<CatalogueItem>> BesideAsync(
        string visitor, IReadOnlyList<CatalogueItem> basket, CancellationToken cancellationToken)
    {
        await GetFreshAsync(visitor, cancellationToken);
        var filter = new ItemFilter { ExcludeItems = [.. basket.Select(item => item.ItemId)] };
        var request = new RecommendationRequest { Count = Shown / 2, Filter = filter, Diversity = .3, Fallback = "popular" };
        var found = await AskAsync(token => profiles.GetRecommendationsAsync(visitor, request, token), cancellationToken);
        var popular = found?.Popular?.Select(item => item.ItemId) ?? [];
        return Known((found?.Items.Select(item => item.ItemId) ?? []).Concat(popular)).Take(Shown / 2);
    }

    private List<CatalogueItem> Known(IEnumerable<string>? itemIds) =>
        [.. (itemIds ?? []).Select(catalogue.Find).OfType<CatalogueItem>()];

    /// <summary>The visitor's profile with the newest events in it.</summary>
    private Task<UserProfile?> GetFreshAsync(string visitor, CancellationToken cancellationToken) =>
        AskAsync(token => profiles.GetProfileAsync(visitor, ProfileParts.Dimensions, fresh: true, token), cancellationToken);

    private async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
        where T : class?
    {
        var left = patience.OfAPage - time.GetElapsedTime(_began);
        if (left <= TimeSpan.Zero)
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(left);
        try
        {
            return await ask(limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or ProfileServiceException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogFailed(e.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The shop does without ProfileService: {Reason}")]
    private partial void LogFailed(string reason);
}

/// <param name="OfAPage">How long a page may wait for ProfileService, for all that it asks together.</param>
internal sealed record Patience(TimeSpan OfAPage);

/// <param name="Title">Above the items.</param>
/// <param name="Items">Best first.</param>
/// <param name="Interests">Categories that the visitor cares for most; empty for a stranger.</param>
/// <param name="From">The recommendations that the items are of; null if they are of none.</param>
internal sealed record FrontPage(
    string Title, IEnumerable<CatalogueItem> Items, IReadOnlyList<string> Interests, string? From = null);
