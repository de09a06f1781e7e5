namespace ProfileService.Model;

/// <summary>
/// Keeps the rows with the highest scores in a heap of fixed size. Not thread-safe.
/// </summary>
/// <param name="count">Number of rows to keep, from 1.</param>
/// <param name="tieBreak">Orders rows with equal scores: the lesser row comes first.</param>
/// <param name="admits">Whether a row may be kept; null admits every row. Called only for rows whose score is high enough.</param>
internal sealed class BestRows(int count, Comparison<int> tieBreak, Predicate<int>? admits = null)
{
    private readonly (float Score, int Row)[] _heap = new (float, int)[count]; // min-heap: the worst row is at index 0
    private int _kept;
    private float _minScore = float.NegativeInfinity; // lower scores are not kept

    /// <summary>Adds rows. A score of NaN is never kept.</summary>
    /// <param name="firstRow">Row of the first score; the other scores belong to the rows after it.</param>
    public void Offer(int firstRow, ReadOnlySpan<float> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] >= _minScore)
                Offer(scores[i], firstRow + i);
        }
    }

    /// <summary>The kept rows, best first.</summary>
    public (float Score, int Row)[] Sorted()
    {
        var sorted = _heap[.._kept];
        Array.Sort(sorted, (x, y) => x.Score == y.Score ? tieBreak(x.Row, y.Row) : y.Score.CompareTo(x.Score));
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
            _minScore = _heap[0].Score;
    }

    private void Rise((float, int) offered, int index)
    {
        while (index > 0 && IsWorse(offered, _heap[(index - 1) / 2]))
        {
            _heap[index] = _heap[(index - 1) / 2];
            index = (index - 1) / 2;
        }

        _heap[index] = offered;
    }

    /// <summary>Replaces the worst row.</summary>
    private void Sink((float, int) offered)
    {
        var index = 0;
        while ((2 * index) + 1 is var child && child < count)
        {
            if (child + 1 < count && IsWorse(_heap[child + 1], _heap[child]))
                child++;
            if (!IsWorse(_heap[child], offered))
                break;
            _heap[index] = _heap[child];
            index = child;
        }

        _heap[index] = offered;
    }

    private bool IsWorse((float Score, int Row) x, (float Score, int Row) y) =>
        x.Score < y.Score || (x.Score == y.Score && tieBreak(x.Row, y.Row) > 0);
}
