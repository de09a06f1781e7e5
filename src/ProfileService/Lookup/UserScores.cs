using System.Buffers;

namespace ProfileService.Lookup;

/// <summary>How well each item fits one user, by row of the index.</summary>
internal sealed class UserScores(ItemIndex index) : IDisposable
{
    private readonly float[] _scores = ArrayPool<float>.Shared.Rent(index.Rows);

    /// <summary>[Rows]</summary>
    public Span<float> Scores => _scores.AsSpan(0, index.Rows);

    /// <summary>How far a score may be from the exact one; 0 if all are exact.</summary>
    public float Margin { get; set; }

    public void Dispose() => ArrayPool<float>.Shared.Return(_scores);
}
