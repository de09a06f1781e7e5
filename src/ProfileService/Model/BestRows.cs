namespace ProfileService.Model;

/// <summary>The rows of the highest scores among those offered, in memory that depends on their number alone. For one thread.</summary>
/// <param name="count">How many are kept, from 1.</param>
/// <param name="names">Orders rows of equal score: the lesser comes first.</param>
/// <param name="admits">Whether a row may be among them; null for any. Asked only of those that score high enough.</param>
internal sealed class BestRows(int count, Comparison<int> names, Predicate<int>? admits = null)
{
    private readonly (float Score, int Row)[] _heap = new (float, int)[count]; // no child is worse than its parent, so that the worst is on top
    private int _kept;
    private float _least = float.NegativeInfinity; // to be reached

    /// <param name="firstRow">The row of the first score; the others follow. A score that is no number is never kept.</param>
    public void Offer(int firstRow, ReadOnlySpan<float> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] >= _least)
                Offer(scores[i], firstRow + i);
        }
    }

    /// <summary>Those kept, the best first.</summary>
    public (float Score, int Row)[] Sorted()
    {
        var sorted = _heap[.._kept];
        Array.Sort(sorted, (x, y) => x.Score == y.Score ? names(x.Row, y.Row) : y.Score.CompareTo(x.Score));
        return sorted;
    }

    private void Offer(float score, int row)
    {
        var offered = (score, row);
        if (_kept == count && !IsWorse(_heap[0], offered))
            return;
        if (admits?.Invoke(row) == false)
            return;
        if (_kept < count)
            Rise(offered, _kept++);
        else
            Sink(offered);
        if (_kept == count)
            _least = _heap[0].Score;
    }

    private void Rise((float, int) offered, int place)
    {
        while (place > 0 && IsWorse(offered, _heap[(place - 1) / 2]))
        {
            _heap[place] = _heap[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        _heap[place] = offered;
    }

    /// <summary>Puts it in the place of the worst.</summary>
    private void Sink((float, int) offered)
    {
        var place = 0;
        while ((2 * place) + 1 is var child && child < count)
        {
            if (child + 1 < count && IsWorse(_heap[child + 1], _heap[child]))
                child++;
            if (!IsWorse(_heap[child], offered))
                break;
            _heap[place] = _heap[child];
            place = child;
        }

        _heap[place] = offered;
    }

    private bool IsWorse((float Score, int Row) x, (float Score, int Row) y) => x.Score < y.Score || (x.Score == y.Score && names(x.Row, y.Row) > 0);
}
