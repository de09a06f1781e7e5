using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Items;

/// <summary>What items are: <c>/v1/items</c>.</summary>
internal static class ItemsApi
{
    public static void MapItems(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/items/{itemId}", PutItem)
            .WithTags("Items")
            .WithSummary("Say what an item is")
            .WithDescription("""
                Replaces all that was known of the item. Events that name no categories take the item's, and a model that takes content vectors sees the item's,
                from the user's next refresh on. Windows stay as they were posted.
                """)
            .Accepts<CatalogueItem>(BatchDoor.Json)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        routes.MapGet("/v1/items/{itemId}", GetItem)
            .WithTags("Items")
            .WithSummary("What is known of an item")
            .Costs(ReadCost.OfARow)
            .ProducesProblem(StatusCodes.Status404NotFound);

        routes.MapPost("/v1/items", PostItems)
            .RefusesEarly(routes.ServiceProvider.GetRequiredService<IngestLimits>().Early)
            .WithTags("Items")
            .WithSummary("Say what many items are")
            .WithDescription("""
                One item object, an array of up to 1,000, or a stream of any length as application/x-ndjson, one object a line, each replacing what was known of its item.
                The verdict is per item: one bad item costs the others nothing. A body that cannot be read, or of which every item is rejected, is 400.
                """)
            .Accepts<CatalogueItem>(BatchDoor.Json, BatchDoor.Ndjson)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<CatalogueItem>, ProblemHttpResult>> PutItem(
        string itemId, HttpContext context, BatchDoor door, ItemParser parser, ItemIntake intake)
    {
        if (EntityId.ProblemOf("itemId", itemId) is var (code, detail))
            return Problems.Bad(code, "itemId", detail);
        var (item, refusal) = await door.ReadOneAsync(context, (ref json, index, out problem) => parser.Parse(ref json, index, itemId, out problem));
        if (item is null)
            return refusal!;
        await intake.StoreAsync([item], context.RequestAborted);
        return TypedResults.Ok(item);
    }

    private static async Task<Results<Ok<CatalogueItem>, ProblemHttpResult>> GetItem(string itemId, HttpContext context, ItemStore items) =>
        EntityId.IsValid(itemId) && await items.FindAsync(itemId, context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : Problems.NotFound("unknown_item", "Nothing is known of this item. Put it to this address first.");

    private static async Task<Results<Ok<BatchSummary>, ProblemHttpResult>> PostItems(
        HttpContext context, BatchDoor door, ItemIntake intake)
    {
        var (summary, refusal) = await door.ReadAsync(context, intake);
        if (summary is null)
            return refusal!;
        return summary.AllRejected ? BatchDoor.NothingTaken(summary, intake.Noun) : TypedResults.Ok(BatchSummary.From(summary));
    }
}
