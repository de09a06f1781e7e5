namespace ProfileService.Client;

/// <summary>Items that fit a user.</summary>
/// <param name="UserId">Whom they fit.</param>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Revision">Revision of the profile that the items were compared with.</param>
/// <param name="Items">The best first.</param>
/// <param name="Stale">True if the profile is behind the user's events, or that is unknown; null otherwise.</param>
/// <param name="Popular">What many users met, to fill up the list; null unless it was asked for.</param>
/// <param name="RecommendationId">
/// Names this answer. Send it with the events that one of its items led to, as <see cref="UserEvent.RecommendationId"/>, and the service
/// counts what became of recommendations. Null if there are no items.
/// </param>
/// <param name="After">
/// What the next page of the list is asked for with, as <see cref="RecommendationRequest.After"/>; null if there is none.
/// </param>
public sealed record Recommendations(
    string UserId,
    string Model,
    long Revision,
    IReadOnlyList<RecommendedItem> Items,
    bool? Stale = null,
    IReadOnlyList<PopularItem>? Popular = null,
    string? RecommendationId = null,
    string? After = null);

/// <summary>An item that many users met. Title, categories and price are the catalogue's, and null if it does not have them.</summary>
/// <param name="ItemId">As events name it.</param>
/// <param name="Users">Number of users, with noise that hides each of them.</param>
/// <param name="Title">For people.</param>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">In the unit of the events' values.</param>
public sealed record PopularItem(
    string ItemId, int Users, string? Title = null, IReadOnlyList<string>? Categories = null, double? Price = null)
    : IListedItem;

/// <summary>The caller's items, by how well they fit a user.</summary>
/// <param name="UserId">Whom they fit.</param>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Revision">Revision of the profile that the items were compared with.</param>
/// <param name="Items">The best first; each once.</param>
/// <param name="Unknown">Items that have no score, in the order asked.</param>
/// <param name="Stale">True if the profile is behind the user's events, or that is unknown; null otherwise.</param>
/// <param name="Unavailable">Items that are not available, or that were deleted, in the order asked.</param>
public sealed record RankedItems(
    string UserId,
    string Model,
    long Revision,
    IReadOnlyList<RecommendedItem> Items,
    IReadOnlyList<string> Unknown,
    bool? Stale = null,
    IReadOnlyList<string>? Unavailable = null);

internal sealed record RankRequest(IReadOnlyList<string> ItemIds);

/// <summary>A recommended item. Title, categories and price are the catalogue's, and null if it does not have them.</summary>
/// <param name="ItemId">As events name it.</param>
/// <param name="Score">How well the item fits. Higher is better; compare only scores of one model.</param>
/// <param name="Title">For people.</param>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">In the unit of the events' values.</param>
/// <param name="Liking">
/// How much the user would like the item, once met: -1 to 1. It is not part of the score; null if the package has no likings.
/// </param>
/// <param name="Reason">The item of the user's events that is most like this one; null unless it was asked for, or if none is.</param>
public sealed record RecommendedItem(
    string ItemId,
    double Score,
    string? Title = null,
    IReadOnlyList<string>? Categories = null,
    double? Price = null,
    double? Liking = null,
    RecommendationReason? Reason = null)
    : IListedItem;

/// <summary>Why an item is recommended, in a word: the item of the user's events that is most like it.</summary>
/// <param name="ItemId">The item that the user met.</param>
/// <param name="Similarity">Cosine of the two items' vectors, above 0 to 1.</param>
/// <param name="Title">Title of the item that the user met, for people; null if the catalogue does not have it.</param>
public sealed record RecommendationReason(string ItemId, double Similarity, string? Title = null);
