using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/users/{userId}/recommendations</c>: the items whose vectors fit the profile best.</summary>
internal static class RecommendationsApi
{
    public static void MapRecommendations(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/users/{userId}/recommendations", GetRecommendations)
            .WithTags("Recommendations")
            .WithSummary("Items that fit a user")
            .Costs(ReadCost.OfAQuery)
            .WithDescription("""
                The items of the model package whose vectors fit the user's profile best, the best first; all are compared. excludeSeen=true leaves out
                what is in the user's window; categories keeps those of the catalogue's items that have one of them (several, or comma separated).
                409 where the active package has no item vectors.
                """)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<RecommendationsResponse>, ProblemHttpResult>> GetRecommendations(
        string userId,
        HttpContext context,
        ProfileReader profiles,
        IWindowStore windows,
        ItemCatalogue catalogue,
        ModelSlot models,
        ModelRegistry registry,
        [Range(1, QueryLimits.MaxCount)] int count = QueryLimits.DefaultCount,
        bool excludeSeen = true,
        string[]? categories = null)
    {
        registry.ThrowUnlessOwn();
        var model = models.Current;
        if (CategoryFilter.ProblemOf(categories) is { } badCategories)
            return badCategories;
        if (model.Items is not { } items)
            return ItemProblems.NoItemVectors(model.Manifest);
        var (profile, problem, stale) = await UserProfile.ReadAsync(userId, context, profiles, model.Stamp);
        if (profile is null)
            return problem!;

        var seen = excludeSeen ? await SeenRows.OfAsync(profile.UserId, windows, items, context.RequestAborted) : [];
        var filter = CategoryFilter.Of(categories, catalogue);
        var top = VectorBytes.AreZero(profile.Vector)
            ? [] // the model knows nothing of the user, so that one item is as good as any other
            : items.Top(VectorBytes.ToFloats(profile.Vector), count, row => !seen.Contains(row) && (filter is null || filter.Admits(items.IdOf(row))));
        return TypedResults.Ok(new RecommendationsResponse(
            profile.UserId, profile.Model, profile.Revision, [.. top.Select(item => RecommendedItem.From(item, catalogue.Find(item.ItemId)))], stale));
    }
}

/// <summary>Items that fit a user.</summary>
/// <param name="Model">The model whose vectors were compared.</param>
/// <param name="Revision">Of the profile that they were compared with.</param>
/// <param name="Items">The best first; of equals by id. Fewer than asked where fewer are left.</param>
/// <param name="Stale">True where the profile is behind the user's events, or that cannot be told because a store is away; left out otherwise.</param>
internal sealed record RecommendationsResponse(string UserId, string Model, long Revision, IReadOnlyList<RecommendedItem> Items, bool? Stale = null);

/// <summary>An item that fits.</summary>
/// <param name="Score">How well: the cosine of item and profile, -1 to 1, where training gave both unit length.</param>
/// <param name="Title">As the catalogue has it, like the two that follow; left out where it does not know.</param>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">In whatever unit event values have.</param>
internal sealed record RecommendedItem(string ItemId, float Score, string? Title, IReadOnlyList<string>? Categories, double? Price)
{
    public static RecommendedItem From(ScoredItem item, CatalogueItem? known) =>
        new(item.ItemId, item.Score, known?.Title, known?.Categories is { Count: > 0 } categories ? categories : null, known?.Price);
}
