using System.Numerics;
using System.Numerics.Tensors;

namespace ProfileService.Lookup;

/// <summary>
/// Collects the rows that can be among the best of a page, by scores that may be off by a margin. Not thread-safe.
/// </summary>
/// <param name="count">Items of the page.</param>
/// <param name="margin">How far a score may be from the exact one.</param>
/// <param name="start">The exact score of the last item before the page; infinity if it is the first one.</param>
/// <param name="admits">Whether a row may be kept; asked only of rows whose score is high enough. Null admits every row.</param>
internal sealed class Shortlist(int count, float margin, float start, Predicate<int>? admits = null)
{
    private const float Rounding = 1e-5f; // of the sums of float32 that a score is made of, relative to 1 and to the score

    private readonly PriorityQueue<float, float> _best = new(); // the best scores that surely belong to the page, the least first
    private readonly List<(float Score, int Row)> _rows = [];
    private readonly float _most = start + Slack(margin, start);
    private readonly float _surely = start - Slack(margin, start);
    private float _least = float.NegativeInfinity;
    private int _room = 4_096; // rows, after which those that fell back are dropped

    /// <summary>Every row that can be among the best, and few others.</summary>
    public IEnumerable<int> Rows => _rows.Where(row => row.Score >= _least).Select(row => row.Row);

    /// <summary>Adds the rows of a set. A score of NaN is never kept.</summary>
    /// <param name="scores">[rows]</param>
    public void Offer(RowSet rows, ReadOnlySpan<float> scores)
    {
        for (var word = 0; word < rows.Words.Length; word++)
        {
            var first = word * RowSet.WordBits;
            var own = scores[first..Math.Min(scores.Length, first + RowSet.WordBits)];
            if (rows.Words[word] is not 0 and var bits && !(TensorPrimitives.MaxNumber(own) < _least))
                Offer(bits, first, scores);
        }
    }

    private void Offer(ulong bits, int first, ReadOnlySpan<float> scores)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            var row = first + BitOperations.TrailingZeroCount(bits);
            if (scores[row] >= _least && scores[row] <= _most && admits?.Invoke(row) != false)
                Keep(scores[row], row);
        }
    }

    private void Keep(float score, int row)
    {
        if (_rows.Count == _room)
            DropFallenBack();
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

    private void DropFallenBack()
    {
        _rows.RemoveAll(row => row.Score < _least);
        _room = Math.Max(_room, 2 * _rows.Count);
    }

    private static float Slack(float margin, float score) => float.IsFinite(score) ? margin + (Rounding * (1 + Math.Abs(score))) : 0;
}
