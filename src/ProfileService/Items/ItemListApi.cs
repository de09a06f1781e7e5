using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Platform;

namespace ProfileService.Items;

/// <summary><c>GET /v1/items</c>: the catalogue, page by page.</summary>
internal static class ItemListApi
{
    public const int MaxCount = 1_000;
    public const int MaxQueryLength = 200;

    private const int DefaultCount = 100;

    public static void MapItemList(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/items", FindItems).WithTags("Items").RequiresScopes(Scopes.ProfilesRead);

    /// <summary>Finds items of the catalogue</summary>
    /// <remarks>
    /// All items, or those with a text in their title or at the start of their id, in the order of ids, page by page. A page may have fewer
    /// items than asked for, or none, although others follow: a request looks through at most 100,000 items. The last page has no
    /// <c>next</c>.
    /// </remarks>
    /// <param name="after">The next of the page before; empty for the first page.</param>
    /// <param name="count">How many items to answer with at most.</param>
    /// <param name="query">Part of the title, or the start of the id, in upper or lower case; empty for all items.</param>
    /// <response code="200">The items.</response>
    private static async Task<Results<Ok<ItemPage>, ProblemHttpResult>> FindItems(
        HttpContext context,
        ItemPages pages,
        ReadLimits limits,
        [Text(EntityId.MaxLength)] string after = "",
        [Range(1, MaxCount)] int count = DefaultCount,
        [Text(MaxQueryLength)] string query = "")
    {
        if (after.Length > 0 && EntityId.ProblemOfName("after", after) is var (code, detail))
            return Problems.Bad(code, "after", detail);
        if (query.Length > MaxQueryLength)
            return Problems.Bad(ErrorCodes.TextTooLong, "query", $"query may have at most {MaxQueryLength} characters.");
        using var turn = await limits.AcquireAsync(context, query.Length == 0 ? ReadCost.Query : ReadCost.Search);
        return TypedResults.Ok(await pages.ReadAsync(after, count, query, context.RequestAborted));
    }
}

/// <summary>A page of the catalogue.</summary>
/// <param name="Items">In the order of the UTF-8 bytes of their ids.</param>
/// <param name="Next">The <c>after</c> of the next page; left out on the last one.</param>
internal sealed record ItemPage([MaxLength(ItemListApi.MaxCount)] IReadOnlyList<CatalogueItem> Items, [Id] string? Next = null);
