using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Similar;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/users/{userId}/similar</c>: the users whose profiles are nearest.</summary>
internal static class SimilarApi
{
    public static void MapSimilar(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/users/{userId}/similar", GetSimilarUsers)
            .WithTags("Recommendations")
            .RequiresScopes(Scopes.ProfilesRead, Scopes.UsersList)
            .Costs(ReadCost.Comparison)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Finds users with a similar profile</summary>
    /// <remarks>
    /// The users whose vectors by the active model have the greatest cosine with this user's vector, but for those whose
    /// purposes do not allow it.
    /// 409 if there are more users than Similar:MaxUsers and no index.
    /// </remarks>
    /// <param name="count">How many users to answer with at most.</param>
    /// <response code="200">The users.</response>
    private static async Task<Results<Ok<SimilarResponse>, ProblemHttpResult>> GetSimilarUsers(
        string userId,
        HttpContext context,
        ProfileReader profiles,
        SimilarFinder similar,
        ModelRegistry registry,
        UserPurposes purposes,
        [Range(1, QueryLimits.MaxCount)] int count = QueryLimits.DefaultCount)
    {
        var model = registry.Active;
        if (UserProblems.Refusal(purposes, userId, Purpose.Similar) is { } refusal)
            return refusal;
        var found = await profiles.ReadAsync(userId, fresh: false, context.RequestAborted);
        if (found.ProblemOf(context, model) is { } problem)
            return problem;
        var profile = found.Profile!;

        var sought = QueryVector.Of(profile, model);
        var (search, nearest, failure) = await similar.FindAsync(sought, count, context.RequestAborted);
        bool? isStale = found.IsStale || failure is not null ? true : null;
        return nearest is not null
            ? TypedResults.Ok(new SimilarResponse(profile.UserId, profile.Model, search, nearest, isStale))
            : UserProblems.TooMany(similar.MostUsers(sought.Space), model.Id);
    }
}

/// <summary>Users with similar profiles.</summary>
/// <param name="UserId">Whom they are like.</param>
/// <param name="Model">Name and version of the model whose vectors were compared.</param>
/// <param name="Search">exact: every user was compared; hnsw: by an index, which may miss some.</param>
/// <param name="Users">The most similar first, equal ones by id; without the user itself.</param>
/// <param name="Stale">True if the user's profile is behind its events, or while a store is unreachable; left out otherwise.</param>
internal sealed record SimilarResponse(
    [Id] string UserId,
    string Model,
    [OneOf("exact", "hnsw")] string Search,
    [MaxLength(QueryLimits.MaxCount)] IReadOnlyList<SimilarUser> Users,
    bool? Stale = null);
