using System.Buffers;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>
/// The category of a user's next event: P(c) = Σ exp(s(i) / T) over the items i of category c, divided by the same sum over all items that
/// count, where s(i) is the product of item and profile and T the temperature of the softmax that the model was trained with. An item
/// counts for its first category in the catalogue, the most specific one and the one that models read of an event; one without does not
/// count.
/// </summary>
internal static class NextCategories
{
    public const int MaxCategories = 20;

    /// <returns>The 20 likeliest, the likeliest first, scaled to sum to 1; of equals by name.</returns>
    public static IReadOnlyList<PredictedCategory> Of(Profile profile, ItemVectors items, double temperature, ItemCatalogue catalogue)
    {
        var scores = ArrayPool<float>.Shared.Rent(items.Rows);
        try
        {
            items.Score(VectorBytes.ToFloats(profile.Vector), scores.AsSpan(0, items.Rows));
            return Of(Sum(scores.AsSpan(0, items.Rows), items, temperature, catalogue));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    private static Dictionary<string, double> Sum(
        ReadOnlySpan<float> scores, ItemVectors items, double temperature, ItemCatalogue catalogue)
    {
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        var best = float.NegativeInfinity; // of the items that count until now: no sum overflows, and not all are 0
        for (var row = 0; row < scores.Length; row++)
        {
            if (!items.IsItem(row) || catalogue.Find(items.IdOf(row))?.Categories is not [var category, ..])
                continue;
            if (scores[row] > best)
            {
                foreach (var summed in sums.Keys)
                    sums[summed] *= Math.Exp((best - scores[row]) / temperature);
                best = scores[row];
            }

            sums[category] = sums.GetValueOrDefault(category) + Math.Exp((scores[row] - best) / temperature);
        }

        return sums;
    }

    private static PredictedCategory[] Of(Dictionary<string, double> sums)
    {
        var top = sums.OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal).Take(MaxCategories).ToList();
        var total = top.Sum(s => s.Value);
        return [.. top.Select(s => new PredictedCategory(s.Key, s.Value / total))];
    }
}
