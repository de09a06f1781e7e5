using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Platform;
using ProfileService.Similar;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/items/{itemId}/users</c> and <c>/v1/categories/{category}/users</c>: whom an item or a category fits.</summary>
internal static class AudienceApi
{
    public static void MapAudiences(this IEndpointRouteBuilder routes)
    {
        var audiences = routes.MapGroup("").WithTags("Recommendations").RequiresScopes(Scopes.ProfilesRead, Scopes.UsersList)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        audiences.MapGet("/items/{itemId}/users", GetItemUsers).Costs(ReadCost.Comparison);
        audiences.MapGet("/categories/{category}/users", GetCategoryUsers).Costs(ReadCost.Comparison);
    }

    /// <summary>Finds the users whom an item fits best</summary>
    /// <remarks>
    /// The users whose vectors by the active model have the greatest cosine with the item's vector, but for those whose purposes do not
    /// allow it. An item that the model package never saw has the mean vector of its categories. 404 if neither the package nor a category
    /// tells what the item is like; 409 if the active model package has no item vectors, or if there are more users than Similar:MaxUsers
    /// and no index.
    /// </remarks>
    /// <param name="count">How many users to answer with at most.</param>
    /// <response code="200">The users.</response>
    private static async Task<Results<Ok<UsersOfItem>, ProblemHttpResult>> GetItemUsers(
        string itemId,
        AudienceFinder audiences,
        CancellationToken cancellationToken,
        [Range(1, QueryLimits.MaxCount)] int count = QueryLimits.DefaultCount)
    {
        var (found, refusal) = await audiences.OfItemAsync(itemId, count, cancellationToken);
        return found is null ? refusal! : TypedResults.Ok(new UsersOfItem(itemId, found.Model, found.Search, found.Users));
    }

    /// <summary>Finds the users whom a category fits best</summary>
    /// <remarks>
    /// As the users of an item, by the mean vector of the items that the model package knows and the catalogue has in the category. 404 if
    /// there is no such item.
    /// </remarks>
    /// <param name="count">How many users to answer with at most.</param>
    /// <response code="200">The users.</response>
    private static async Task<Results<Ok<UsersOfCategory>, ProblemHttpResult>> GetCategoryUsers(
        string category,
        AudienceFinder audiences,
        CancellationToken cancellationToken,
        [Range(1, QueryLimits.MaxCount)] int count = QueryLimits.DefaultCount)
    {
        var (found, refusal) = await audiences.OfCategoryAsync(category, count, cancellationToken);
        return found is null ? refusal! : TypedResults.Ok(new UsersOfCategory(category, found.Model, found.Search, found.Users));
    }
}

/// <summary>Users whom an item fits.</summary>
/// <param name="ItemId">Which item.</param>
/// <param name="Model">Name and version of the model whose vectors were compared.</param>
/// <param name="Search">exact: every user was compared; hnsw: by an index, which may miss some.</param>
/// <param name="Users">The nearest first, equal ones by id.</param>
internal sealed record UsersOfItem(
    [Id] string ItemId,
    string Model,
    [OneOf("exact", "hnsw")] string Search,
    [MaxLength(QueryLimits.MaxCount)] IReadOnlyList<SimilarUser> Users);

/// <summary>Users whom a category fits.</summary>
/// <param name="Category">Which category.</param>
/// <param name="Model">Name and version of the model whose vectors were compared.</param>
/// <param name="Search">exact: every user was compared; hnsw: by an index, which may miss some.</param>
/// <param name="Users">The nearest first, equal ones by id.</param>
internal sealed record UsersOfCategory(
    [Name] string Category,
    string Model,
    [OneOf("exact", "hnsw")] string Search,
    [MaxLength(QueryLimits.MaxCount)] IReadOnlyList<SimilarUser> Users);
