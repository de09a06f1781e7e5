using ProfileService.Lookup;
using ProfileService.Model;

namespace ProfileService.Cli.Evaluation;

/// <summary>
/// Ranks the package's items that are new to a user by the scores that recommendations have while the catalogue is empty: categories that
/// the user turned down change no score, and items that the package never saw do not compete. Not thread-safe.
/// </summary>
/// <param name="maxEvents">How many of a user's newest events the model reads.</param>
internal sealed class ItemRanking(PackageItems known, int maxEvents, FeedbackReader feedback)
{
    public const int Top = 10;

    private readonly ItemVectors _items = known.Vectors;
    private readonly float[] _scores = new float[known.Vectors.Rows];

    public RankedUser Rank(HeldOut heldOut, ReadOnlySpan<float> profile)
    {
        var read = feedback.Read([.. heldOut.Context.Events.TakeLast(maxEvents)]);
        known.Score(profile, read, ItemFeedback.Of(read), _scores);
        return RankScored(heldOut);
    }

    /// <summary>Ranks by scores that are the same for every user.</summary>
    /// <param name="scores">One for each row.</param>
    public RankedUser RankBy(HeldOut heldOut, ReadOnlySpan<float> scores)
    {
        scores.CopyTo(_scores);
        return RankScored(heldOut);
    }

    private RankedUser RankScored(HeldOut heldOut)
    {
        foreach (var e in heldOut.Masked)
        {
            if (_items.RowOf(e.ItemId) is { } row)
                _scores[row] = float.NegativeInfinity;
        }

        return new RankedUser(heldOut.Context.UserId, _items.RowOf(heldOut.Target) is { } target ? RankOf(target) : null, TopItems());
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

        return [.. best.Select(_items.IdOf)];
    }
}

/// <summary>The ranking of one user.</summary>
/// <param name="Rank">Rank of the target, from 0, the best; null if the package does not know the item.</param>
/// <param name="TopItems">The best items, best first.</param>
internal sealed record RankedUser(string UserId, int? Rank, IReadOnlyList<string> TopItems);
