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
        routes.MapGet("/users", FindUsers).WithTags("Profiles").Costs(ReadCost.Query).RequiresScopes(Scopes.UsersList);

    /// <summary>Finds users by the start of their id</summary>
    /// <remarks>Only users that have a profile by the active model, and how many of them there are in all.</remarks>
    /// <param name="prefix">How the ids begin; empty for all users.</param>
    /// <param name="after">The last id of the page before; empty for the first page.</param>
    /// <param name="count">How many ids to answer with at most.</param>
    /// <response code="200">The users.</response>
    private static async Task<Results<Ok<FoundUsers>, ProblemHttpResult>> FindUsers(
        UserDirectory users,
        ModelRegistry registry,
        CancellationToken cancellationToken,
        [Text(EntityId.MaxLength)] string prefix = "",
        [Text(EntityId.MaxLength)] string after = "",
        [Range(1, QueryLimits.MaxCount)] int count = QueryLimits.DefaultCount)
    {
        if (prefix.Length > 0 && EntityId.ProblemOfName("prefix", prefix) is var (code, detail))
            return Problems.Bad(code, "prefix", detail);
        if (after.Length > 0 && EntityId.ProblemOfName("after", after) is var (wrong, why))
            return Problems.Bad(wrong, "after", why);
        var model = registry.Active;
        var found = await users.FindAsync(prefix, after, model, count, cancellationToken);
        return TypedResults.Ok(new FoundUsers(found, await users.CountAsync(model.Id, cancellationToken)));
    }
}

/// <summary>Users that have a profile by the active model.</summary>
/// <param name="Users">Ids in the order of their UTF-8 bytes.</param>
/// <param name="Total">
/// Number of users with a profile, whatever the prefix, at most two seconds old; 1,000,000 stands for that many or more.
/// </param>
internal sealed record FoundUsers([Id, MaxLength(QueryLimits.MaxCount)] IReadOnlyList<string> Users, int Total);
