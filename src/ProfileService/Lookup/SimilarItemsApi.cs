using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/items/{itemId}/similar</c>: the items whose vectors are nearest.</summary>
internal static class SimilarItemsApi
{
    public static void MapSimilarItems(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/items/{itemId}/similar", GetSimilarItems)
            .WithTags("Items")
            .RequiresScopes(Scopes.ProfilesRead)
            .Costs(ReadCost.OfAQuery)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Finds items that are like an item</summary>
    /// <remarks>
    /// The items whose vectors by the active model have the greatest cosine with this item's vector; every item is compared. An item that
    /// the model package never saw has the mean vector of its categories. 404 if neither the package nor a category tells what the item is
    /// like, 409 if the active model package has no item vectors.
    /// </remarks>
    /// <param name="count">How many items to answer with at most.</param>
    /// <param name="categories">Keeps only items of these categories; repeat the parameter, or separate names by commas.</param>
    /// <response code="200">The items.</response>
    private static Results<Ok<SimilarItems>, ProblemHttpResult> GetSimilarItems(
        string itemId,
        ItemIndexes indexes,
        ModelSlot models,
        ModelRegistry registry,
        [Range(1, QueryLimits.MaxCount)] int count = QueryLimits.DefaultCount,
        [Name, MaxLength(ItemFilter.MaxNames)] string[]? categories = null)
    {
        if (CategoryNames.ProblemOf(categories) is { } problem)
            return problem;
        registry.ThrowUnlessActive();
        var model = models.Current;
        if (model.Items is not { Vectors: var vectors })
            return ItemProblems.NoItemVectors(model.Manifest);
        var index = indexes.Of(vectors);
        if (index.RowOf(itemId) is not { } row)
            return ItemProblems.NothingIsLike();
        var filter = new ItemFilter(CategoryNames.Of(categories), ExcludeItems: [itemId]);
        return TypedResults.Ok(new SimilarItems(itemId, model.Stamp.Id, NearestItems.Find(index, vectors, row, count, filter)));
    }
}

/// <summary>Items that are like an item.</summary>
/// <param name="ItemId">What they are like.</param>
/// <param name="Model">Name and version of the model whose vectors were compared.</param>
/// <param name="Items">The most similar first, equal ones by id; without the item itself.</param>
internal sealed record SimilarItems(
    [Id] string ItemId, string Model, [MaxLength(QueryLimits.MaxCount)] IReadOnlyList<SimilarItem> Items);

/// <summary>A similar item. Title, categories and price are the catalogue's, and left out if it does not have them.</summary>
/// <param name="ItemId">As events name it.</param>
/// <param name="Similarity">Cosine of the two vectors, from -1 to 1 but for rounding.</param>
/// <param name="Title">For people.</param>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">In the unit of the events' values.</param>
internal sealed record SimilarItem(
    [Id] string ItemId, float Similarity, string? Title, [Name] IReadOnlyList<string>? Categories, double? Price)
{
    public static SimilarItem From(ScoredItem item, CatalogueItem? known) =>
        new(item.ItemId, item.Score, known?.Title, known?.Categories is { Count: > 0 } categories ? categories : null, known?.Price);
}
