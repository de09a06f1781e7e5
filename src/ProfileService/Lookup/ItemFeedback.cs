namespace ProfileService.Lookup;

/// <summary>
/// What a window says of each of its items. The newest event that judges an item decides; for an item without one, the events are summed.
/// </summary>
internal static class ItemFeedback
{
    /// <summary>
    /// How many times the weight against something must exceed the weight for it before it counts as turned down. Users take in much that
    /// they end up disliking; a mere majority would hide what they are about to choose.
    /// </summary>
    public const double Outweighed = 3;

    public static bool IsTurnedDown(double liked, double against) => against > Outweighed * liked;

    /// <returns>Weight by item: above 0 for it, below 0 against it.</returns>
    public static Dictionary<string, double> Of(IEnumerable<EventFeedback> events)
    {
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        var judged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var e in events)
        {
            if (e.Liking is not null)
            {
                weights[e.ItemId] = e.Weight;
                judged.Add(e.ItemId);
            }
            else if (!judged.Contains(e.ItemId))
            {
                weights[e.ItemId] = weights.GetValueOrDefault(e.ItemId) + e.Weight;
            }
        }

        return weights;
    }
}
