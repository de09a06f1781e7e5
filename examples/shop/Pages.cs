using ProfileService.Client;

namespace Shop;

/// <summary>The shop's pages, and what each asks ProfileService. One that gets no answer goes on as if it knew nobody.</summary>
internal sealed class Pages(
    ProfileServiceClient profiles, Visitor visitor, Catalogue catalogue, TimeProvider time, ILogger<Pages> logger)
{
    private const int Shown = 8;

    /// <summary>What fits the visitor, with the last click in it; or what many people met; or the catalogue.</summary>
    public async Task<IResult> FrontAsync()
    {
        var profile = await profiles
            .GetProfileAsync(visitor.Id, ProfileParts.Dimensions, fresh: true, visitor.Patience).OrNullAsync(logger);
        var request = new RecommendationRequest { Count = Shown, MaxPerCategory = 3, Fallback = "popular" };
        var found = await profiles.GetRecommendationsAsync(visitor.Id, request, visitor.Patience).OrNullAsync(logger);
        var list = found switch
        {
            { Items.Count: > 0 } => Html.List("For you", found.Items, found.RecommendationId),
            { Popular.Count: > 0 } => Html.List("Popular", found.Popular),
            _ => Html.List("From our catalogue", catalogue.Items.Take(Shown)),
        };
        return Html.Page("Shop", Html.Interests(profile?.Dimensions?.Interests?.Take(3)), list);
    }

    /// <summary>An item, and those that are like it.</summary>
    /// <param name="from">The recommendations that led here; null if none did.</param>
    public async Task<IResult> ProductAsync(string itemId, string? from)
    {
        if (catalogue.Find(itemId) is not { } item)
            return Results.NotFound();
        await SendAsync(EventKinds.View, [new BasketItem(item, from)]);
        var similar = await profiles.GetSimilarItemsAsync(itemId, Shown, cancellationToken: visitor.Patience).OrNullAsync(logger);
        return Html.Page(item.Title, Html.Product(item, from), Html.List("More like this", similar?.Items));
    }

    /// <summary>The shop's own search; what fits the visitor best comes first, what has no score last.</summary>
    public async Task<IResult> SearchAsync(string words)
    {
        var found = catalogue.Search(words);
        string[] ids = [.. found.Select(item => item.ItemId)];
        var ranked = ids is [] ? null : await profiles.RankItemsAsync(visitor.Id, ids, visitor.Patience).OrNullAsync(logger);
        IEnumerable<IListedItem> best = ranked?.Items ?? [];
        return Html.Page("Search", Html.List($"{ids.Length} items for “{words}”", best.UnionBy(found, item => item.ItemId)));
    }

    /// <summary>The basket, and what fits the visitor who has it before the eyes, filled up with what many people met.</summary>
    public async Task<IResult> BasketAsync()
    {
        string[] ids = [.. visitor.Basket.Select(each => each.Item.ItemId)];
        var context = ids is [] ? null : new RecommendationContext { ItemIds = ids };
        var request = new RecommendationRequest { Count = Shown / 2, Context = context, Fallback = "popular" };
        var found = await profiles.GetRecommendationsAsync(visitor.Id, request, visitor.Patience).OrNullAsync(logger);
        var beside = Html.List("You may also like", found?.Items, found?.RecommendationId);
        var popular = found?.Popular is { Count: > 0 } many ? Html.List("Popular", many) : "";
        return Html.Page("Basket", Html.List("Your basket", visitor.Basket.Select(each => each.Item)), Html.Checkout, beside, popular);
    }

    public async Task<IResult> PutIntoBasketAsync(string itemId, string? from)
    {
        if (catalogue.Find(itemId) is not { } item)
            return Results.NotFound();
        var added = new BasketItem(item, from);
        await SendAsync(EventKinds.Cart, [added]);
        visitor.PutIntoBasket(added);
        return Results.LocalRedirect("/basket");
    }

    public async Task<IResult> BuyAsync()
    {
        await SendAsync(EventKinds.Purchase, visitor.Basket);
        visitor.EmptyBasket();
        return Results.LocalRedirect("/");
    }

    private Task SendAsync(string kind, IEnumerable<BasketItem> items)
    {
        var events = items.Select(each => new UserEvent
        {
            UserId = visitor.Id,
            Kind = kind,
            ItemId = each.Item.ItemId,
            Timestamp = time.GetUtcNow(),
            Value = each.Item.Price,
            RecommendationId = each.From,
        });
        return profiles.SendEventsAsync(events, visitor.Patience).OrNullAsync(logger);
    }
}
