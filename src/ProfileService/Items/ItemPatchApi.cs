using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Items;

/// <summary><c>PATCH /v1/items/{itemId}</c>: some fields of an item.</summary>
internal static class ItemPatchApi
{
    public static void MapItemPatch(this IEndpointRouteBuilder routes) =>
        routes.MapPatch("/items/{itemId}", PatchItem)
            .WithTags("Items")
            .TakesPatch<ItemPatch>()
            .RequiresScopes(Scopes.ItemsWrite)
            .ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>Changes some of what is known of an item</summary>
    /// <remarks>
    /// A JSON Merge Patch (RFC 7396): fields that are left out stay as they are, and null removes one. Nobody else's change of the item is
    /// lost. It takes effect as the item's <c>PUT</c> does. The body may repeat the item's id.
    /// </remarks>
    /// <response code="200">The item as stored.</response>
    private static async Task<Results<Ok<CatalogueItem>, ProblemHttpResult>> PatchItem(
        string itemId, HttpContext context, BatchEndpoint endpoint, ItemParser parser, ItemIntake intake)
    {
        if (EntityId.ProblemOf("itemId", itemId) is var (code, detail))
            return Problems.Bad(code, "itemId", detail);
        var (change, refusal) = await endpoint.ReadOneAsync(
            context, (ref json, index, out problem) => parser.ParseChange(ref json, index, itemId, out problem));
        if (change is null)
            return refusal!;
        return await intake.ChangeAsync(change, context.RequestAborted) is { } changed
            ? TypedResults.Ok(changed)
            : Problems.NotFound(ErrorCodes.UnknownItem, "Nothing is known of this item. Put it to this address first.");
    }
}
