using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Events;
using ProfileService.Windows;

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
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        routes.MapGet("/v1/items/{itemId}", GetItem)
            .WithTags("Items")
            .WithSummary("What is known of an item")
            .ProducesProblem(StatusCodes.Status404NotFound);

        routes.MapPost("/v1/items", PostItems)
            .WithTags("Items")
            .WithSummary("Say what many items are")
            .WithDescription("""
                One item object, an array of up to 1,000, or a stream of any length as application/x-ndjson, one object a line, each replacing what was known of its item.
                The verdict is per item: one bad item costs the others nothing. A body that cannot be read, or of which every item is rejected, is 400.
                """)
            .Accepts<CatalogueItem>(BatchDoor.Json, BatchDoor.Ndjson)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<CatalogueItem>, ProblemHttpResult>> PutItem(
        string itemId, HttpContext context, BatchDoor door, ItemParser parser, ItemIntake intake)
    {
        var id = IdOf(context, itemId);
        if (!EntityId.IsValid(id))
            return TypedResults.Problem($"itemId must have 1 to {EntityId.MaxLength} characters and no control characters.", statusCode: StatusCodes.Status400BadRequest);

        var (item, refusal) = await door.ReadOneAsync(context, (ref json, index, out problem) => parser.Parse(ref json, index, id, out problem));
        if (item is null)
            return refusal!;
        await intake.StoreAsync([item], context.RequestAborted);
        return TypedResults.Ok(item);
    }

    private static async Task<Results<Ok<CatalogueItem>, ProblemHttpResult>> GetItem(string itemId, HttpContext context, ItemStore items) =>
        IdOf(context, itemId) is var id && EntityId.IsValid(id) && await items.FindAsync(id, context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : TypedResults.Problem("Nothing is known of this item. Put it to this address first.", statusCode: StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<ItemsSummary>, ProblemHttpResult>> PostItems(HttpContext context, BatchDoor door, ItemIntake intake)
    {
        var (summary, refusal) = await door.ReadAsync(context, intake);
        if (summary is null)
            return refusal!;
        return summary.Rejected > 0 && summary.Rejected == summary.Total
            ? BatchDoor.NothingTaken(summary, intake.Noun)
            : TypedResults.Ok(new ItemsSummary(summary.Accepted, summary.Rejected, summary.Problems));
    }

    // The server leaves %2F encoded, so that an id with a slash must be read from the path as it was sent.
    private static string IdOf(HttpContext context, string id) => id.Contains("%2F", StringComparison.OrdinalIgnoreCase)
        ? Uri.UnescapeDataString(context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0].TrimEnd('/').Split('/')[^1])
        : id;
}

/// <summary>The reply to posted items.</summary>
/// <param name="Accepted">Items stored.</param>
/// <param name="Rejected">Items that broke a rule.</param>
/// <param name="Problems">One for each rejected item, the first 1,000.</param>
internal sealed record ItemsSummary(long Accepted, long Rejected, IReadOnlyList<EventProblem> Problems);
