using ProfileService.Model;

namespace ProfileService.Cli;

/// <summary>Ranks all items that are new to a user by their dot product with the user's profile. Not thread-safe.</summary>
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

    /// <summary>Number of other items with an equal or higher score. The comparison is negated so that NaN is the worst score.</summary>
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

    /// <summary>The best items, best first. Of equal scores, the lower row comes first.</summary>
    private List<string> TopItems()
    {
        var best = new List<int>(Top + 1);
        for (var row = 0; row < _scores.Length; row++)
        {
            if (_scores[row] == float.NegativeInfinity || (best.Count == Top && _scores[row] <= _scores[best[^1]]))
                continue;
            var index = best.Count;
            while (index > 0 && _scores[best[index - 1]] < _scores[row])
                index--;
            best.Insert(index, row);
            if (best.Count > Top)
                best.RemoveAt(Top);
        }

        return [.. best.Select(items.IdOf)];
    }
}

/// <summary>The ranking of one user.</summary>
/// <param name="Rank">Rank of the target, from 0, the best; null if the package does not know the item.</param>
/// <param name="TopItems">The best items, best first.</param>
internal sealed record RankedUser(string UserId, int? Rank, IReadOnlyList<string> TopItems);
