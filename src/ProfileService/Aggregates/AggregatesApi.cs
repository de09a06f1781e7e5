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
        aggregates.MapGet($"/items/{ItemLists.Popular}", GetPopularItems).Costs(ReadCost.Row);
        aggregates.MapGet($"/items/{ItemLists.Trending}", GetTrendingItems).Costs(ReadCost.Row);
        aggregates.MapGet("/categories", GetCategoryCounts).Costs(ReadCost.Row);
    }

    /// <summary>Lists the items that most users met</summary>
    /// <remarks>
    /// Of the last release, which counts the catalogue's items over all windows, with noise that hides each user; it is the same for
    /// everybody until the next is made (Aggregates:Every), but for items that are not available now, which are left out. 404 before the
    /// first (no_release), and while the last has a greater epsilon than Aggregates:Epsilon (release_withheld).
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
        var found = await releases.FindAsync(cancellationToken);
        if (found.Last is not { } last)
            return NoRelease(found);
        var now = time.GetUtcNow();
        var items = last.Counts.Items
            .Select(i => (Counts: i, IsAvailable: catalogue.IsAvailable(i.ItemId, now, out var known), Known: known))
            .Where(i => i.IsAvailable)
            .Select(i => PopularItem.Of(i.Counts, i.Known))
            .Where(i => IsOf(category, i.Categories));
        return TypedResults.Ok(new PopularItems(last.About, [.. items.Take(count)], found.Stale));
    }

    /// <summary>Lists the items whose share grew the most</summary>
    /// <remarks>
    /// Of the last release: an item's share of what users met within Aggregates:Recent before it, against its share of what they met last
    /// before that. Items that are not available now are left out. 404 as for the popular items.
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
        var found = await releases.FindAsync(cancellationToken);
        if (found.Last is not { } last)
            return NoRelease(found);
        var now = time.GetUtcNow();
        var items = last.Growing
            .Select(i => (Counts: i, IsAvailable: catalogue.IsAvailable(i.ItemId, now, out var known), Known: known))
            .Where(i => i.IsAvailable)
            .Select(i => TrendingItem.Of(i.Counts, last.Counts, i.Known))
            .Where(i => IsOf(category, i.Categories));
        return TypedResults.Ok(new TrendingItems(last.About, last.Counts.RecentDays, [.. items.Take(count)], found.Stale));
    }

    /// <summary>Counts users by category</summary>
    /// <remarks>Of the last release, as the popular items, and 404 as for these.</remarks>
    /// <param name="count">How many categories to answer with at most.</param>
    /// <response code="200">The categories.</response>
    private static async Task<Results<Ok<CategoryCounts>, ProblemHttpResult>> GetCategoryCounts(
        ReleaseReader releases,
        CancellationToken cancellationToken,
        [Range(1, MaxCount)] int count = DefaultCount)
    {
        var found = await releases.FindAsync(cancellationToken);
        return found.Last is { } last
            ? TypedResults.Ok(new CategoryCounts(
                last.About, [.. last.Counts.Categories.Take(count).Select(c => new CategoryCount(c.Category, c.Users))], found.Stale))
            : NoRelease(found);
    }

    private static ProblemHttpResult? ProblemOf(string? category) =>
        category is not null && EntityId.ProblemOfName("category", category) is var (code, detail)
            ? Problems.Bad(code, "category", detail)
            : null;

    private static bool IsOf(string? category, IReadOnlyList<string>? categories) =>
        category is null || categories?.Contains(category) == true;

    private static ProblemHttpResult NoRelease(FoundRelease found) => found switch
    {
        { IsWithheld: false } => Problems.NotFound(
            "no_release",
            "No counts are released yet. The first release is made within two minutes after there are events and items of the catalogue, "
            + "unless Aggregates:Every is 0."),
        { NextAt: null } => Withheld("The next one is made within two minutes, unless Aggregates:Every is 0."),
        { NextAt: { } next } => Withheld(
            $"Aggregates:Budget has room for the next one from {next:yyyy-MM-ddTHH:mm:ssZ} on, "
            + "when enough of the former ones are older than Aggregates:BudgetPeriod."),
    };

    private static ProblemHttpResult Withheld(string next) => Problems.NotFound(
        "release_withheld", $"The last release has a greater epsilon than Aggregates:Epsilon allows and is not answered. {next}");
}
