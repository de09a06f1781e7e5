using ProfileService.Dimensions;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>
/// What a window says of each of its items, see <see cref="Feedback"/>. The newest event that judges an item, such as a like or a rating,
/// decides; of an item without one the events are summed.
/// </summary>
internal static class Opinions
{
    /// <summary>
    /// How many times as much must be said against something as for it before it counts as turned down. Users take in much that they end
    /// up disliking, so that a mere majority would hide what they are about to choose.
    /// </summary>
    public const double Outweighed = 3;

    public static bool AreAgainst(double liked, double against) => against > Outweighed * liked;

    /// <returns>Above 0 for the item, below 0 against it.</returns>
    public static Dictionary<string, double> Of(IEnumerable<WindowEvent> events, RatingOptions scale)
    {
        var said = new Dictionary<string, double>(StringComparer.Ordinal);
        var judged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var e in events)
        {
            var weight = Feedback.Of(e.Kind, e.Value, sentiment: null, scale);
            if (Feedback.LikingOf(e.Kind, e.Value, sentiment: null, scale) is not null)
            {
                said[e.ItemId] = weight;
                judged.Add(e.ItemId);
            }
            else if (!judged.Contains(e.ItemId))
            {
                said[e.ItemId] = said.GetValueOrDefault(e.ItemId) + weight;
            }
        }

        return said;
    }
}
