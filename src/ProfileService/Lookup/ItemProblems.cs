using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>Problems of endpoints that need item vectors.</summary>
internal static class ItemProblems
{
    public static ProblemHttpResult NothingIsLike() => Problems.NotFound(
        ErrorCodes.UnknownItem,
        "The active package does not know this item, and the catalogue has no category of it that the package's items have. "
        + "PUT /v1/items/{itemId} with a category that they have.");

    public static ProblemHttpResult NeverMet() => Problems.NotFound(
        ErrorCodes.UnknownItem,
        "The active package does not know this item, so that no counts tell what is met with it. "
        + "Ask by=vectors for items like its categories.");

    public static ProblemHttpResult NoNeighbours(ModelManifest model) => Problems.Conflict(
        "no_neighbours",
        $"The active package {model.Id} has no neighbours (neighbours.bin), so that no counts tell which items are met together. "
        + "Ask by=vectors, or train the package anew: src/training/make_package.py counts them.");

    public static ProblemHttpResult SeenIsForgotten() => Problems.Bad(
        "seen_not_remembered",
        RecommendationParser.ExcludeSeen,
        "The service does not remember what users met beyond their windows. Set Windows:RememberSeen=true, or let excludeSeen be window.");

    public static ProblemHttpResult UnknownCategory() => Problems.NotFound(
        "unknown_category",
        "No item that the active package knows has this category in the catalogue. "
        + "PUT /v1/items/{itemId} of such an item with the category.");

    public static ProblemHttpResult NoItemVectors(ModelManifest model) => Problems.Conflict(
        "no_item_vectors",
        $"The active package {model.Id} has no item vectors (items.f32), so that it cannot tell which items fit. "
        + "Serve one that was trained on the catalogue itself: Model:Package=models/demo/3 for the demo shop; "
        + "src/training/make_package.py makes one from events of your own.");
}
