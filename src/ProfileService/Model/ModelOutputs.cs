namespace ProfileService.Model;

/// <summary>What the graph made of a batch.</summary>
/// <param name="Vectors">[B, D], each row of unit length.</param>
/// <param name="Attention">[B, L], each row sums to 1 over its real events.</param>
internal sealed record ModelOutputs(float[] Vectors, float[] Attention, int Dimension, int Length)
{
    public ReadOnlySpan<float> Vector(int user) => Vectors.AsSpan(user * Dimension, Dimension);

    public ReadOnlySpan<float> AttentionOf(int user) => Attention.AsSpan(user * Length, Length);
}
