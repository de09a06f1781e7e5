using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary><c>POST /v1/rank</c>: the caller's items for many users.</summary>
internal static class BatchRankApi
{
    public static void MapBatchRank(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/rank", RankItemsOfUsers)
            .RefusesEarly(routes.ServiceProvider.GetRequiredService<ReadLimits>().Early)
            .WithTags("Recommendations")
            .RequiresScopes(Scopes.ProfilesRead)
            .WithMetadata(ProfileHeaders.Ranking)
            .TakesObject<BatchRankRequest>()
            .Produces<BatchRanking>(StatusCodes.Status200OK, ProfileFormat.Json, ProfileFormat.Bytes)
            .ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Orders items by how well they fit each of many users</summary>
    /// <remarks>
    /// As the ranking of one user, for users times items up to 100,000. With <c>Accept: application/octet-stream</c> the answer is a
    /// float32 matrix [users, items] of scores in the order asked; NaN stands for a user without a profile, and for an item that is
    /// unknown or unavailable. 409 if the active model package has no item vectors.
    /// </remarks>
    /// <response code="200">The scores.</response>
    private static Task<Results<Ok<BatchRanking>, StreamedResult, ProblemHttpResult>> RankItemsOfUsers(
        HttpContext context, BatchRankHandler handler) => handler.RankAsync(context);
}
