using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Similar;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/users/{userId}/similar</c>: the users whose profiles are nearest.</summary>
internal static class SimilarApi
{
    public static void MapSimilar(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/users/{userId}/similar", GetSimilar)
            .WithTags("Recommendations")
            .WithSummary("Users like this one")
            .Costs(ReadCost.OfAComputation)
            .WithDescription("""
                The users whose vectors by the active model have the greatest cosine with this user's, the greatest first. search tells how: exact compares with
                every user; hnsw asks pgvector's index, which may miss some. 409 where there are more users than Similar:MaxUsers and no index.
                """)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<SimilarResponse>, ProblemHttpResult>> GetSimilar(
        string userId,
        HttpContext context,
        ProfileReader profiles,
        SimilarUsers similar,
        ModelRegistry registry,
        [Range(1, QueryLimits.MaxCount)] int count = QueryLimits.DefaultCount)
    {
        var model = registry.Active;
        var (profile, problem, stale) = await UserProfile.ReadAsync(userId, context, profiles, model);
        if (profile is null)
            return problem!;

        var found = await similar.FindAsync(profile, count, context.RequestAborted);
        return found.Users is { } users
            ? TypedResults.Ok(new SimilarResponse(profile.UserId, profile.Model, found.Search, users, stale))
            : Problems.Conflict(
                "too_many_users",
                $"More than {similar.MostUsers(profile):N0} users have a profile by {model.Id}, which is what Similar:MaxUsers and an eighth of the memory allow. Raise both, or keep the profiles in a Postgres that has pgvector, whose index has no such bound.");
    }
}

/// <summary>Users like one.</summary>
/// <param name="Model">The model whose vectors were compared; those of another never are.</param>
/// <param name="Search">How: exact or hnsw.</param>
/// <param name="Users">The most similar first, of equals by id; the user itself is not among them.</param>
/// <param name="Stale">True where the user's profile is behind its events, or that cannot be told because a store is away; left out otherwise.</param>
internal sealed record SimilarResponse(string UserId, string Model, string Search, IReadOnlyList<SimilarUser> Users, bool? Stale = null);
