using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/items/{itemId}/similar</c>: the items whose vectors are nearest, or that are met together.</summary>
internal static class SimilarItemsApi
{
    private const string ByVectors = "vectors";
    private const string ByNeighbours = "neighbours";

    public static void MapSimilarItems(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/items/{itemId}/similar", GetSimilarItems)
            .WithTags("Items")
            .RequiresScopes(Scopes.ProfilesRead)
            .Costs(ReadCost.Query)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Finds items that are like an item</summary>
    /// <remarks>
    /// By vectors: the items whose vectors by the active model have the greatest cosine with this item's vector; every item is compared.
    /// An item that the model package never saw has the mean vector of its categories. By neighbours: the items that users met shortly
    /// before or after this one, as training counted them: those that the model package keeps of the item, 1,000 at most. 404 if nothing
    /// tells what the item is like, 409 if the active model package has no item vectors, or no neighbours.
    /// </remarks>
    /// <param name="count">How many items to answer with at most.</param>
    /// <param name="categories">Keeps only items of these categories; repeat the parameter, or separate names by commas.</param>
    /// <param name="by">What tells that items are similar.</param>
    /// <response code="200">The items.</response>
    private static Results<Ok<SimilarItems>, ProblemHttpResult> GetSimilarItems(
        string itemId,
        ItemIndexes indexes,
        ModelSlot models,
        ModelRegistry registry,
        [Range(1, QueryLimits.MaxCount)] int count = QueryLimits.DefaultCount,
        [Name, MaxLength(ItemFilter.MaxNames)] string[]? categories = null,
        [OneOf(ByVectors, ByNeighbours)] string by = ByVectors)
    {
        if (CategoryNames.ProblemOf(categories) is { } problem)
            return problem;
        if (by is not (ByVectors or ByNeighbours))
            return Problems.Bad("unknown_measure", "by", $"by takes {ByVectors} or {ByNeighbours}.");
        registry.ThrowUnlessActive();
        var model = models.Current;
        if (model.Items is not { } items)
            return ItemProblems.NoItemVectors(model.Manifest);
        var index = indexes.Of(items.Vectors);
        var filter = new ItemFilter(CategoryNames.Of(categories), ExcludeItems: [itemId]);
        if (by == ByVectors)
        {
            return index.RowOf(itemId) is { } row
                ? Answer(itemId, model, index, NearestItems.Find(index, items.Vectors, row, count, filter))
                : ItemProblems.NothingIsLike();
        }

        if (items.Neighbours is not { } neighbours)
            return ItemProblems.NoNeighbours(model.Manifest);
        return items.Vectors.RowOf(itemId) is { } known
            ? Answer(itemId, model, index, NeighbourItems.Find(index, neighbours, known, count, filter))
            : ItemProblems.NeverMet();
    }

    private static Ok<SimilarItems> Answer(
        string itemId, ActiveModel model, ItemIndex index, IEnumerable<(float Similarity, int Row)> found) =>
        TypedResults.Ok(new SimilarItems(
            itemId,
            model.Stamp.Id,
            [.. found.Select(f => SimilarItem.From(new ScoredItem(index.IdOf(f.Row), f.Similarity), index.ItemOf(f.Row)))]));
}

/// <summary>Items that are like an item.</summary>
/// <param name="ItemId">What they are like.</param>
/// <param name="Model">Name and version of the model that tells it.</param>
/// <param name="Items">The most similar first, equal ones by id; without the item itself.</param>
internal sealed record SimilarItems(
    [Id] string ItemId, string Model, [MaxLength(QueryLimits.MaxCount)] IReadOnlyList<SimilarItem> Items);

/// <summary>A similar item. Title, categories and price are the catalogue's, and left out if it does not have them.</summary>
/// <param name="ItemId">As events name it.</param>
/// <param name="Similarity">
/// By vectors: their cosine, from -1 to 1 but for rounding. By neighbours: how often the two are met together, by how often each is met,
/// above 0.
/// </param>
/// <param name="Title">For people.</param>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">In the unit of the events' values.</param>
internal sealed record SimilarItem(
    [Id] string ItemId, float Similarity, string? Title, [Name] IReadOnlyList<string>? Categories, double? Price)
{
    public static SimilarItem From(ScoredItem item, CatalogueItem? known) =>
        new(item.ItemId, item.Score, known?.Title, known?.Categories is { Count: > 0 } categories ? categories : null, known?.Price);
}
