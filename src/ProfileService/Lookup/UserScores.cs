using System.Buffers;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>How well each item fits one user, by row of the index.</summary>
internal sealed class UserScores(ItemIndex index, UserLiking? liking) : IDisposable
{
    private readonly float[] _scores = ArrayPool<float>.Shared.Rent(index.Rows);

    public ItemIndex Index => index;

    /// <summary>[Rows]</summary>
    public Span<float> Scores => _scores.AsSpan(0, index.Rows);

    public RecommendedItem ItemOf(int row) =>
        RecommendedItem.From(new ScoredItem(index.IdOf(row), _scores[row]), index.ItemOf(row), liking?.Of(index.IdOf(row)));

    public void Dispose() => ArrayPool<float>.Shared.Return(_scores);
}
