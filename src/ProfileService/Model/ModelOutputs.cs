using System.Buffers;

namespace ProfileService.Model;

/// <summary>What the graph made of a batch of B windows of up to L events, in pooled arrays.</summary>
internal sealed class ModelOutputs : IDisposable
{
    private readonly float[] _vectors;
    private readonly float[] _attention;
    private readonly int _dimension;
    private readonly int _length;

    public ModelOutputs(int users, int length, int dimension)
    {
        (_dimension, _length) = (dimension, length);
        _vectors = ArrayPool<float>.Shared.Rent(users * dimension);
        _attention = ArrayPool<float>.Shared.Rent(users * length);
        (Vectors, Attention) = (_vectors.AsMemory(0, users * dimension), _attention.AsMemory(0, users * length));
    }

    /// <summary>[B, D], each row of unit length.</summary>
    public Memory<float> Vectors { get; }

    /// <summary>[B, L], each row sums to 1 over its real events.</summary>
    public Memory<float> Attention { get; }

    public ReadOnlySpan<float> Vector(int user) => Vectors.Span.Slice(user * _dimension, _dimension);

    public ReadOnlySpan<float> AttentionOf(int user) => Attention.Span.Slice(user * _length, _length);

    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_vectors);
        ArrayPool<float>.Shared.Return(_attention);
    }
}
