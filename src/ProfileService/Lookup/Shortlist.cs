namespace ProfileService.Lookup;

/// <summary>
/// Collects the rows that can be among the best of a page, by scores that may be off by a margin. Not thread-safe.
/// </summary>
/// <param name="count">Items of the page.</param>
/// <param name="margin">How far a score may be from the exact one.</param>
/// <param name="start">The exact score behind which the page begins, or where it begins.</param>
internal sealed class Shortlist(int count, float margin, float start)
{
    private const float Rounding = 1e-5f; // of the sums of float32 that a score is made of, relative to 1 and to the score

    private readonly PriorityQueue<float, float> _best = new(); // the best scores that surely belong to the page, the least first
    private readonly List<(float Score, int Row)> _rows = [];
    private readonly float _most = start + Slack(margin, start);
    private readonly float _surely = start - Slack(margin, start);
    private float _least = float.NegativeInfinity;

    /// <summary>Every row that can be among the best, and few others.</summary>
    public IEnumerable<int> Rows => _rows.Where(row => row.Score >= _least).Select(row => row.Row);

    /// <summary>Adds rows. A score of NaN is never kept.</summary>
    /// <param name="firstRow">Row of the first score; the other scores belong to the rows after it.</param>
    public void Offer(int firstRow, ReadOnlySpan<float> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] >= _least && scores[i] <= _most)
                Keep(scores[i], firstRow + i);
        }
    }

    private void Keep(float score, int row)
    {
        _rows.Add((score, row));
        if (score >= _surely)
            return; // it may come before the page
        if (_best.Count < count)
            _best.Enqueue(score, score);
        else
            _best.EnqueueDequeue(score, score);
        if (_best.Count == count)
            _least = _best.Peek() - (2 * Slack(margin, _best.Peek()));
    }

    private static float Slack(float margin, float score) => float.IsFinite(score) ? margin + (Rounding * (1 + Math.Abs(score))) : 0;
}
