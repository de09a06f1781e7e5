using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Items;

/// <summary>The items endpoints, <c>/v1/items</c>: one item and many.</summary>
internal static class ItemsApi
{
    public static void MapItems(this IEndpointRouteBuilder routes)
    {
        var items = routes.MapGroup("").WithTags("Items");
        items.MapPut("/items/{itemId}", PutItem).TakesObject<ItemBody>().RequiresScopes(Scopes.ItemsWrite);
        items.MapGet("/items/{itemId}", GetItem).Costs(ReadCost.Row).RequiresScopes(Scopes.ProfilesRead)
            .ProducesProblem(StatusCodes.Status404NotFound);
        items.MapDelete("/items/{itemId}", DeleteItem).RequiresScopes(Scopes.ItemsWrite);
        items.MapPost("/items", PostItems).TakesBatch<CatalogueItem>(routes.ServiceProvider).RequiresScopes(Scopes.ItemsWrite);
    }

    /// <summary>Replaces what is known of an item</summary>
    /// <remarks>
    /// Events without categories take the item's categories, and a model that reads content vectors reads the item's, from the user's next
    /// refresh on. Windows stay as they were posted. The body may repeat the item's id.
    /// </remarks>
    /// <response code="200">The item as stored.</response>
    private static async Task<Results<Ok<CatalogueItem>, ProblemHttpResult>> PutItem(
        string itemId, HttpContext context, BatchEndpoint endpoint, ItemParser parser, ItemIntake intake)
    {
        if (EntityId.ProblemOf("itemId", itemId) is var (code, detail))
            return Problems.Bad(code, "itemId", detail);
        var (item, refusal) = await endpoint.ReadOneAsync(
            context, (ref json, index, out problem) => parser.Parse(ref json, index, itemId, out problem));
        if (item is null)
            return refusal!;
        await intake.StoreAsync([item], context.RequestAborted);
        return TypedResults.Ok(item);
    }

    /// <summary>Gets an item</summary>
    /// <remarks>What was put last.</remarks>
    /// <response code="200">The item.</response>
    private static async Task<Results<Ok<CatalogueItem>, ProblemHttpResult>> GetItem(string itemId, HttpContext context, ItemStore items) =>
        EntityId.IsValid(itemId) && await items.FindAsync(itemId, context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : Problems.NotFound(ErrorCodes.UnknownItem, "Nothing is known of this item. Put it to this address first.");

    /// <summary>Deletes an item</summary>
    /// <remarks>
    /// What is known of the item is gone, and it is not recommended any more, even if the model package knows it, until it is put again.
    /// Events that name it stay, and are still accepted. An item of which nothing is known is deleted, too.
    /// </remarks>
    /// <response code="204">The item is deleted.</response>
    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteItem(string itemId, HttpContext context, ItemIntake intake)
    {
        if (EntityId.ProblemOf("itemId", itemId) is var (code, detail))
            return Problems.Bad(code, "itemId", detail);
        await intake.DeleteAsync(itemId, context.RequestAborted);
        return TypedResults.NoContent();
    }

    /// <summary>Replaces what is known of many items</summary>
    /// <remarks>
    /// One item, an array of up to 1,000, or a stream of any length as <c>application/x-ndjson</c>, one item per line.
    /// Each item is judged on its own: a bad one does not affect the others. A body that cannot be read, or in which every item is bad,
    /// is 400.
    /// </remarks>
    /// <response code="200">The good items are stored.</response>
    private static async Task<Results<Ok<BatchSummary>, ProblemHttpResult>> PostItems(
        HttpContext context, BatchEndpoint endpoint, ItemIntake intake)
    {
        var (summary, refusal) = await endpoint.ReadAsync(context, intake);
        if (summary is null)
            return refusal!;
        return summary.AllRejected ? BatchEndpoint.NothingTaken(summary, intake.Noun) : TypedResults.Ok(BatchSummary.From(summary));
    }
}
