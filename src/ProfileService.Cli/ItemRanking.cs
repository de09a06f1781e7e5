using ProfileService.Model;

namespace ProfileService.Cli;

/// <summary>Ranks all items that are new to a user by their product with the user's profile. For one thread.</summary>
internal sealed class ItemRanking(ItemVectors items)
{
    public const int Top = 10;

    private readonly float[] _scores = new float[items.Rows];

    public RankedUser Rank(HeldOut heldOut, ReadOnlySpan<float> profile)
    {
        items.Score(profile, _scores);
        foreach (var e in heldOut.Context.Events)
        {
            if (items.RowOf(e.ItemId) is { } row)
                _scores[row] = float.NegativeInfinity;
        }

        return new RankedUser(heldOut.Context.UserId, items.RowOf(heldOut.Target) is { } target ? RankOf(target) : null, TopItems());
    }

    /// <summary>How many others score as well or better. Written so that a score that is no number is the worst.</summary>
    private int RankOf(int target)
    {
        var (better, own) = (0, _scores[target]);
        for (var row = 0; row < _scores.Length; row++)
        {
            if (!(_scores[row] < own) && row != target)
                better++;
        }

        return better;
    }

    /// <summary>The best, in their order; of equals the lower row first.</summary>
    private List<string> TopItems()
    {
        var best = new List<int>(Top + 1);
        for (var row = 0; row < _scores.Length; row++)
        {
            if (_scores[row] == float.NegativeInfinity || (best.Count == Top && _scores[row] <= _scores[best[^1]]))
                continue;
            var place = best.Count;
            while (place > 0 && _scores[best[place - 1]] < _scores[row])
                place--;
            best.Insert(place, row);
            if (best.Count > Top)
                best.RemoveAt(Top);
        }

        return [.. best.Select(items.IdOf)];
    }
}

/// <summary>Where a user's target came.</summary>
/// <param name="Rank">From 0, the best; null where the package does not know the item.</param>
/// <param name="TopItems">The best, in their order.</param>
internal sealed record RankedUser(string UserId, int? Rank, IReadOnlyList<string> TopItems);
