using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Items;
using ProfileService.Platform;

namespace ProfileService.Aggregates;

/// <summary>Counts over all users: popular and trending items, and categories.</summary>
internal static class AggregatesApi
{
    public const int MaxCount = 1_000;

    private const int DefaultCount = 20;

    public static void MapAggregates(this IEndpointRouteBuilder routes)
    {
        var aggregates = routes.MapGroup("").WithTags("Items").RequiresScopes(Scopes.ProfilesRead)
            .ProducesProblem(StatusCodes.Status404NotFound);
        aggregates.MapGet($"/items/{ItemLists.Popular}", GetPopularItems).Costs(ReadCost.OfARow);
        aggregates.MapGet($"/items/{ItemLists.Trending}", GetTrendingItems).Costs(ReadCost.OfARow);
        aggregates.MapGet("/categories", GetCategoryCounts).Costs(ReadCost.OfARow);
    }

    /// <summary>Lists the items that most users met</summary>
    /// <remarks>
    /// Of the last release, which counts the catalogue's items over all windows, with noise that hides each user; it is the same for
    /// everybody until the next is made (Aggregates:Every), but for items that are not available now, which are left out. 404 before the
    /// first.
    /// </remarks>
    /// <param name="count">How many items to answer with at most.</param>
    /// <param name="category">Keeps only items of this category.</param>
    /// <response code="200">The items.</response>
    private static async Task<Results<Ok<PopularItems>, ProblemHttpResult>> GetPopularItems(
        ReleaseReader releases,
        ItemCatalogue catalogue,
        TimeProvider time,
        CancellationToken cancellationToken,
        [Range(1, MaxCount)] int count = DefaultCount,
        [Name] string? category = null)
    {
        if (ProblemOf(category) is { } problem)
            return problem;
        if (await releases.FindAsync(cancellationToken) is not { } last)
            return NoRelease();
        var now = time.GetUtcNow();
        var items = last.Counts.Items
            .Select(i => (Counts: i, IsAvailable: catalogue.IsAvailable(i.ItemId, now, out var known), Known: known))
            .Where(i => i.IsAvailable)
            .Select(i => PopularItem.Of(i.Counts, i.Known))
            .Where(i => IsOf(category, i.Categories));
        return TypedResults.Ok(new PopularItems(last.About, [.. items.Take(count)]));
    }

    /// <summary>Lists the items whose share grew the most</summary>
    /// <remarks>
    /// Of the last release: an item's share of what users met within Aggregates:Recent before it, against its share of what they met last
    /// before that. Items that are not available now are left out. 404 before the first.
    /// </remarks>
    /// <param name="count">How many items to answer with at most.</param>
    /// <param name="category">Keeps only items of this category.</param>
    /// <response code="200">The items.</response>
    private static async Task<Results<Ok<TrendingItems>, ProblemHttpResult>> GetTrendingItems(
        ReleaseReader releases,
        ItemCatalogue catalogue,
        TimeProvider time,
        CancellationToken cancellationToken,
        [Range(1, MaxCount)] int count = DefaultCount,
        [Name] string? category = null)
    {
        if (ProblemOf(category) is { } problem)
            return problem;
        if (await releases.FindAsync(cancellationToken) is not { } last)
            return NoRelease();
        var now = time.GetUtcNow();
        var items = last.Growing
            .Select(i => (Counts: i, IsAvailable: catalogue.IsAvailable(i.ItemId, now, out var known), Known: known))
            .Where(i => i.IsAvailable)
            .Select(i => TrendingItem.Of(i.Counts, last.Counts, i.Known))
            .Where(i => IsOf(category, i.Categories));
        return TypedResults.Ok(new TrendingItems(last.About, last.Counts.RecentDays, [.. items.Take(count)]));
    }

    /// <summary>Counts users by category</summary>
    /// <remarks>Of the last release, as the popular items. 404 before the first.</remarks>
    /// <param name="count">How many categories to answer with at most.</param>
    /// <response code="200">The categories.</response>
    private static async Task<Results<Ok<CategoryCounts>, ProblemHttpResult>> GetCategoryCounts(
        ReleaseReader releases,
        CancellationToken cancellationToken,
        [Range(1, MaxCount)] int count = DefaultCount) =>
        await releases.FindAsync(cancellationToken) is { } last
            ? TypedResults.Ok(new CategoryCounts(
                last.About, [.. last.Counts.Categories.Take(count).Select(c => new CategoryCount(c.Category, c.Users))]))
            : NoRelease();

    private static ProblemHttpResult? ProblemOf(string? category) =>
        category is not null && EntityId.ProblemOfName("category", category) is var (code, detail)
            ? Problems.Bad(code, "category", detail)
            : null;

    private static bool IsOf(string? category, IReadOnlyList<string>? categories) =>
        category is null || categories?.Contains(category) == true;

    private static ProblemHttpResult NoRelease() => Problems.NotFound(
        "no_release",
        "No counts are released yet. The first release is made within two minutes after there are events and items of the catalogue, "
        + "unless Aggregates:Every is 0.");
}
