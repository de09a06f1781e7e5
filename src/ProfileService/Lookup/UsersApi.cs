using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/users</c>: who there is.</summary>
internal static class UsersApi
{
    public static void MapUsers(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/users", GetUsers)
            .WithTags("Profiles")
            .WithSummary("The users that have a profile")
            .Costs(ReadCost.OfAQuery)
            .WithDescription("Ids that have a profile by the active model and begin with the prefix, ascending by their bytes, and how many users have one in all.")
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Results<Ok<UsersResponse>, ProblemHttpResult>> GetUsers(
        UserDirectory users,
        ModelRegistry registry,
        CancellationToken cancellationToken,
        string prefix = "",
        [Range(1, QueryLimits.MaxCount)] int count = QueryLimits.DefaultCount)
    {
        if (prefix.Length > 0 && EntityId.ProblemOfName("prefix", prefix) is var (code, detail))
            return Problems.Bad(code, "prefix", detail);
        var model = registry.Active;
        var found = await users.FindAsync(prefix, model, count, cancellationToken);
        return TypedResults.Ok(new UsersResponse(found, await users.CountAsync(model.Id, cancellationToken)));
    }
}

/// <summary>Users that have a profile.</summary>
/// <param name="Users">Ids, ascending by their UTF-8 bytes.</param>
/// <param name="Total">How many users have a profile by the active model, whatever the prefix, as of two seconds ago at most; 1,000,000 for any more than that.</param>
internal sealed record UsersResponse(IReadOnlyList<string> Users, int Total);
