using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Cli.Evaluation;

/// <summary>Scores items by the number of users who met them: what a ranking that knows nothing of a user would say.</summary>
internal static class ItemPopularity
{
    /// <returns>A score for each row; rows that belong to no item score negative infinity.</returns>
    public static float[] Until(long moment, IEnumerable<Window> histories, ItemVectors items)
    {
        var scores = new float[items.Rows];
        foreach (var history in histories)
        {
            foreach (var item in history.Events.Where(e => e.Timestamp <= moment).Select(e => e.ItemId).Distinct())
            {
                if (items.RowOf(item) is { } row)
                    scores[row]++;
            }
        }

        for (var row = 0; row < scores.Length; row++)
            scores[row] = items.IsItem(row) ? scores[row] : float.NegativeInfinity;
        return scores;
    }
}
