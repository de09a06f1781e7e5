using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>The items that fit a user best, <c>/v1/users/{userId}/recommendations</c>; the caller's own in order, <c>…/rank</c>.</summary>
internal static class RecommendationsApi
{
    public static void MapRecommendations(this IEndpointRouteBuilder routes)
    {
        var items = routes.MapGroup("").WithTags("Recommendations").RequiresScopes(Scopes.ProfilesRead)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        var early = routes.ServiceProvider.GetRequiredService<ReadLimits>().Early;
        items.MapGet("/users/{userId}/recommendations", GetRecommendations)
            .RequiresScopeFor(RecommendationParts.Reason, Scopes.RawRead)
            .Costs(ReadCost.Query);
        items.MapPost("/users/{userId}/recommendations", PostRecommendations)
            .RequiresScopeFor(RecommendationParts.Reason, Scopes.RawRead)
            .TakesObject<RecommendationRequest>()
            .RefusesEarly(early)
            .ProducesProblem(StatusCodes.Status410Gone);
        items.MapPost("/users/{userId}/rank", RankItems).TakesObject<RankRequest>().RefusesEarly(early);
    }

    /// <summary>Recommends items to a user</summary>
    /// <remarks>
    /// The items of the model package that fit the user best, by the profile and by what often follows the newest events, the best first;
    /// every item is compared. What is like items that the user turned down comes last. 409 if the active model package has no item
    /// vectors.
    /// </remarks>
    /// <param name="count">How many items to answer with at most.</param>
    /// <param name="excludeSeen">Whether to leave out items that are in the user's window.</param>
    /// <param name="categories">Keeps only items of these categories; repeat the parameter, or separate names by commas.</param>
    /// <param name="include">
    /// reason: each item says which item of the user's window is most like it. It shows what the user met, and so requires raw:read, too.
    /// </param>
    /// <response code="200">The items.</response>
    private static async Task<Results<Ok<Recommendations>, ProblemHttpResult>> GetRecommendations(
        string userId,
        HttpContext context,
        RecommendationHandler handler,
        [Range(1, QueryLimits.MaxCount)] int count = QueryLimits.DefaultCount,
        bool excludeSeen = true,
        [Name, MaxLength(ItemFilter.MaxNames)] string[]? categories = null,
        [SomeOf(RecommendationParts.Reason)] string? include = null)
    {
        if (CategoryNames.ProblemOf(categories) is { } problem)
            return problem;
        var seen = excludeSeen ? RecommendationWords.Window : RecommendationWords.Never;
        var request = new RecommendationRequest(count, new ItemFilter(CategoryNames.Of(categories)), seen);
        return await handler.RecommendAsync(userId, context, request, include);
    }

    /// <summary>Recommends items to a user, with filters</summary>
    /// <remarks>
    /// As by GET, among the items that the filter admits: it is applied before items are compared, so that the answer is as long as asked
    /// for if so many items are admitted. Without any field the answer is that of GET. The next page of the list comes with
    /// <c>after</c> of the answer, which is 410 with code <c>cursor_unknown</c> once another model is active. 409 if the active model
    /// package has no item vectors.
    /// </remarks>
    /// <param name="include">
    /// reason: each item says which item of the user's window is most like it. It shows what the user met, and so requires raw:read, too.
    /// </param>
    /// <response code="200">The items.</response>
    private static async Task<Results<Ok<Recommendations>, ProblemHttpResult>> PostRecommendations(
        string userId,
        HttpContext context,
        BatchEndpoint endpoint,
        RecommendationHandler handler,
        ReadLimits limits,
        [SomeOf(RecommendationParts.Reason)] string? include = null)
    {
        var (request, refusal) = await endpoint.ReadOneAsync<RecommendationRequest>(context, RecommendationParser.Parse);
        if (request is null)
            return refusal!;
        using var turn = await limits.AcquireAsync(context, ReadCost.Query);
        return await handler.RecommendAsync(userId, context, request, include);
    }

    /// <summary>Orders items by how well they fit a user</summary>
    /// <remarks>
    /// The caller's own candidates with the scores that recommendations have, the best first; those of equal scores keep the order of the
    /// request. Items of which neither the model package nor a category tells how well they fit are listed as unknown, those that cannot be
    /// had now as unavailable. 409 if the active model package has no item vectors.
    /// </remarks>
    /// <response code="200">The items in order.</response>
    private static async Task<Results<Ok<RankedItems>, ProblemHttpResult>> RankItems(
        string userId, HttpContext context, BatchEndpoint endpoint, RecommendationHandler handler, ReadLimits limits)
    {
        var (request, refusal) = await endpoint.ReadOneAsync<RankRequest>(context, RankRequest.Parse);
        if (request is null)
            return refusal!;
        using var turn = await limits.AcquireAsync(context, ReadCost.Query);
        return await handler.RankAsync(userId, context, request.ItemIds);
    }
}
