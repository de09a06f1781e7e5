using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/users/{userId}/recommendations</c>: the items whose vectors fit the profile best.</summary>
internal static class RecommendationsApi
{
    public static void MapRecommendations(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/users/{userId}/recommendations", GetRecommendations)
            .WithTags("Recommendations")
            .RequiresScopes(Scopes.ProfilesRead)
            .Costs(ReadCost.OfAQuery)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Recommends items to a user</summary>
    /// <remarks>
    /// The items of the model package that fit the user best, by the profile and by what often follows the newest events, the best first;
    /// every item is compared. What is like items that the user turned down comes last. 409 if the active model package has no item
    /// vectors.
    /// </remarks>
    /// <param name="count">How many items to answer with at most.</param>
    /// <param name="excludeSeen">Whether to leave out items that are in the user's window.</param>
    /// <param name="categories">Keeps only items of these categories; repeat the parameter, or separate names by commas.</param>
    /// <response code="200">The items.</response>
    private static async Task<Results<Ok<Recommendations>, ProblemHttpResult>> GetRecommendations(
        string userId,
        HttpContext context,
        ProfileReader profiles,
        Recommender recommender,
        ItemCatalogue catalogue,
        ModelSlot models,
        ModelRegistry registry,
        [Range(1, QueryLimits.MaxCount)] int count = QueryLimits.DefaultCount,
        bool excludeSeen = true,
        [Name, MaxLength(CategoryFilter.MaxCategories)] string[]? categories = null)
    {
        registry.ThrowUnlessActive();
        var model = models.Current;
        if (CategoryFilter.ProblemOf(categories) is { } badCategories)
            return badCategories;
        if (model.Items is null)
            return ItemProblems.NoItemVectors(model.Manifest);
        var found = await profiles.ReadAsync(userId, fresh: false, context.RequestAborted);
        if (found.ProblemOf(context, model.Stamp) is { } problem)
            return problem;
        var profile = found.Profile!;

        var filter = CategoryFilter.Of(categories, catalogue);
        var items = await recommender.TopAsync(profile, model, count, excludeSeen, filter, context.RequestAborted);
        return TypedResults.Ok(new Recommendations(
            profile.UserId,
            profile.Model,
            profile.Revision,
            items,
            found.IsStale ? true : null));
    }
}

/// <summary>Items that fit a user.</summary>
/// <param name="UserId">Whom they fit.</param>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Revision">Revision of the profile that the items were compared with.</param>
/// <param name="Items">The best first, equal ones by id; fewer than asked for if fewer are left.</param>
/// <param name="Stale">True if the profile is behind the user's events, or while a store is unreachable; left out otherwise.</param>
internal sealed record Recommendations(
    [Id] string UserId,
    string Model,
    long Revision,
    [MaxLength(QueryLimits.MaxCount)] IReadOnlyList<RecommendedItem> Items,
    bool? Stale = null);

/// <summary>A recommended item. Title, categories and price are the catalogue's, and left out if it does not have them.</summary>
/// <param name="ItemId">As events name it.</param>
/// <param name="Score">
/// How well the item fits: the product of its vector and the profile, and what the items of the window add or take away. Higher is better.
/// </param>
/// <param name="Liking">
/// How much the user would like the item, once met: -1 to 1, from what all users said of it and from how this user judges. It is not part
/// of the score; left out if the package has no likings.
/// </param>
/// <param name="Title">For people.</param>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">In the unit of the events' values.</param>
internal sealed record RecommendedItem(
    [Id] string ItemId,
    float Score,
    [Range(-1d, 1d)] double? Liking,
    string? Title,
    [Name] IReadOnlyList<string>? Categories,
    double? Price)
{
    public static RecommendedItem From(ScoredItem item, CatalogueItem? known, double? liking) =>
        new(
            item.ItemId,
            item.Score,
            liking,
            known?.Title,
            known?.Categories is { Count: > 0 } categories ? categories : null,
            known?.Price);
}
