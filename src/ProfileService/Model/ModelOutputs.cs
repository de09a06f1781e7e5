using System.Buffers;

namespace ProfileService.Model;

/// <summary>The graph's outputs for a batch of B windows of up to L events, in pooled arrays.</summary>
internal sealed class ModelOutputs : IDisposable
{
    private readonly float[] _vectors;
    private readonly float[] _attention;
    private readonly float[] _heads;
    private readonly int _dimension;
    private readonly int _length;

    /// <param name="heads">H, number of attention heads to return; 0 for none.</param>
    public ModelOutputs(int users, int length, int dimension, int heads = 0)
    {
        (_dimension, _length, Heads) = (dimension, length, heads);
        _vectors = ArrayPool<float>.Shared.Rent(users * dimension);
        _attention = ArrayPool<float>.Shared.Rent(users * length);
        _heads = ArrayPool<float>.Shared.Rent(users * heads * length);
        (Vectors, Attention) = (_vectors.AsMemory(0, users * dimension), _attention.AsMemory(0, users * length));
        HeadAttention = _heads.AsMemory(0, users * heads * length);
    }

    /// <summary>H; 0 if the heads were not requested or the package does not provide them.</summary>
    public int Heads { get; }

    /// <summary>[B, D], each row of unit length.</summary>
    public Memory<float> Vectors { get; }

    /// <summary>[B, L], each row sums to 1 over its real events.</summary>
    public Memory<float> Attention { get; }

    /// <summary>[B, H, L], the weights of each head. Each row sums to at most 1; the rest is the weight of the attributes.</summary>
    public Memory<float> HeadAttention { get; }

    public ReadOnlySpan<float> Vector(int user) => Vectors.Span.Slice(user * _dimension, _dimension);

    public ReadOnlySpan<float> AttentionOf(int user) => Attention.Span.Slice(user * _length, _length);

    /// <summary>
    /// Whether the vector and the attention of the window's events are finite. They are not where an input is too large for the graph, or
    /// where the graph has a fault.
    /// </summary>
    /// <param name="events">Number of the window's events.</param>
    public bool IsFinite(int user, int events) =>
        AreFinite(Vector(user)) && AreFinite(AttentionOf(user)[Math.Max(0, _length - events)..]);

    /// <exception cref="NotFiniteException">What the user's window gives is not finite, see <see cref="IsFinite"/>.</exception>
    public void ThrowUnlessFinite(int user, int events)
    {
        if (!IsFinite(user, events))
            throw new NotFiniteException();
    }

    /// <summary>Weight of one event in each head; null if the heads were not returned or the model did not read the event.</summary>
    /// <param name="fromEnd">-1 for the newest event, -2 for the one before it, …</param>
    public double[]? HeadsOf(int user, int fromEnd)
    {
        if (Heads == 0 || _length + fromEnd < 0)
            return null;
        var weights = new double[Heads];
        for (var head = 0; head < Heads; head++)
            weights[head] = Math.Round(HeadAttention.Span[(((user * Heads) + head + 1) * _length) + fromEnd], 6);
        return weights;
    }

    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_vectors);
        ArrayPool<float>.Shared.Return(_attention);
        ArrayPool<float>.Shared.Return(_heads);
    }

    private static bool AreFinite(ReadOnlySpan<float> numbers)
    {
        foreach (var number in numbers)
        {
            if (!float.IsFinite(number))
                return false;
        }

        return true;
    }
}
