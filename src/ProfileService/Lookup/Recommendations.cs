using System.ComponentModel.DataAnnotations;
using ProfileService.Aggregates;
using ProfileService.Attribution;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>Items that fit a user.</summary>
/// <param name="UserId">Whom they fit.</param>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Revision">Revision of the profile that the items were compared with; 0 if there is none.</param>
/// <param name="Items">
/// The best first, equal ones by id; with a diversity in the order in which they were picked. Fewer than asked for if fewer are left.
/// </param>
/// <param name="Popular">
/// What many users met, to fill up the list; left out unless it was asked for. Empty before counts over all users are released.
/// </param>
/// <param name="Stale">True if the profile is behind the user's events, or while a store is unreachable; left out otherwise.</param>
/// <param name="RecommendationId">
/// Names this answer. Events that one of its items led to may bear it, so that the service counts what became of recommendations. Left out
/// if there are no items.
/// </param>
/// <param name="After">
/// What the next page of the list is asked for with, as <c>after</c> of POST; left out if there are fewer items than asked for, and so no
/// further ones.
/// </param>
internal sealed record Recommendations(
    [Id] string UserId,
    string Model,
    long Revision,
    [MaxLength(QueryLimits.MaxCount)] IReadOnlyList<RecommendedItem> Items,
    [MaxLength(QueryLimits.MaxCount)] IReadOnlyList<PopularItem>? Popular = null,
    bool? Stale = null,
    [Text(RecommendationIds.MaxLength, Base64Text.Pattern)] string? RecommendationId = null,
    [Text(RecommendationCursor.MaxLength)] string? After = null);

/// <summary>The caller's items, by how well they fit a user.</summary>
/// <param name="UserId">Whom they fit.</param>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Revision">Revision of the profile that the items were compared with.</param>
/// <param name="Items">The best first; each once.</param>
/// <param name="Unknown">Items that have no score, in the order asked.</param>
/// <param name="Unavailable">Items that are not available now, or that were deleted, in the order asked.</param>
/// <param name="Stale">True if the profile is behind the user's events, or while a store is unreachable; left out otherwise.</param>
internal sealed record RankedItems(
    [Id] string UserId,
    string Model,
    long Revision,
    [MaxLength(RankRequest.MaxItems)] IReadOnlyList<RecommendedItem> Items,
    [Id, MaxLength(RankRequest.MaxItems)] IReadOnlyList<string> Unknown,
    [Id, MaxLength(RankRequest.MaxItems)] IReadOnlyList<string> Unavailable,
    bool? Stale = null);

/// <summary>A recommended item. Title, categories and price are the catalogue's, and left out if it does not have them.</summary>
/// <param name="ItemId">As events name it.</param>
/// <param name="Score">
/// How well the item fits: the product of its vector and the profile, and what the items of the window add or take away. Higher is better.
/// </param>
/// <param name="Liking">
/// How much the user would like the item, once met: -1 to 1, from what all users said of it and from how this user judges. It is not part
/// of the score; left out if the package has no likings.
/// </param>
/// <param name="Title">For people.</param>
/// <param name="Categories">The most specific first.</param>
/// <param name="Price">In the unit of the events' values.</param>
/// <param name="Reason">
/// The item of the user's window that is most like this one; left out unless it was asked for, or if none is.
/// </param>
internal sealed record RecommendedItem(
    [Id] string ItemId,
    float Score,
    [Range(-1d, 1d)] double? Liking,
    string? Title,
    [Name] IReadOnlyList<string>? Categories,
    double? Price,
    RecommendationReason? Reason = null)
{
    public static RecommendedItem From(ScoredItem item, CatalogueItem? known, double? liking) =>
        new(
            item.ItemId,
            item.Score,
            liking,
            known?.Title,
            known?.Categories is { Count: > 0 } categories ? categories : null,
            known?.Price);
}
