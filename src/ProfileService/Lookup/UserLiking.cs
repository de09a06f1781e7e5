using ProfileService.Dimensions;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>
/// How much a user would like items: the item's liking among all users, and by how much this user's judgements lie above or below those of
/// others, drawn to 0 where there are few.
/// </summary>
internal sealed class UserLiking
{
    private const int Shrinkage = 10; // judgements of a user that others would have made

    private readonly ItemVectors _items;
    private readonly ItemLikings _likings;
    private readonly double _above; // how far the user's judgements lie above others' on average

    private UserLiking(ItemVectors items, ItemLikings likings, double above) => (_items, _likings, _above) = (items, likings, above);

    /// <summary>Null if the package has no likings.</summary>
    public static UserLiking? Of(IEnumerable<EventFeedback> events, PackageItems items)
    {
        if (items.Likings is not { } likings)
            return null;
        var (above, count) = (0.0, 0);
        foreach (var e in events)
        {
            if (e.Liking is { } liking)
                (above, count) = (above + liking - LikingOf(e.ItemId, items.Vectors, likings), count + 1);
        }

        return new UserLiking(items.Vectors, likings, above / (count + Shrinkage));
    }

    /// <summary>-1 to 1.</summary>
    public double Of(string itemId) => Rounded.Of(Math.Clamp(LikingOf(itemId, _items, _likings) + _above, -1, 1));

    private static double LikingOf(string itemId, ItemVectors items, ItemLikings likings) =>
        items.RowOf(itemId) is { } row ? likings[row] : likings.Mean;
}
