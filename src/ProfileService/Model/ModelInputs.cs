using System.Buffers;

namespace ProfileService.Model;

/// <summary>The graph's inputs for a batch of B windows of up to L events, in pooled arrays. Initially all values are padding.</summary>
internal sealed class ModelInputs : IDisposable
{
    private readonly long[] _indices; // items, kinds, categories, gaps, attributes
    private readonly float[] _values; // values, content, time

    /// <param name="contentDimension">C; 0 if the model does not use content vectors.</param>
    /// <param name="hasTime">Whether the model uses the time of the newest event.</param>
    public ModelInputs(int users, int length, int attributeCount, int contentDimension = 0, bool hasTime = false)
    {
        (Users, Length, AttributeCount, ContentDimension) = (users, length, attributeCount, contentDimension);
        var events = users * length;
        var (contents, times) = (events * contentDimension, hasTime ? users * TimeEncoding.Length : 0);
        _indices = ArrayPool<long>.Shared.Rent((4 * events) + (users * attributeCount));
        _values = ArrayPool<float>.Shared.Rent(events + contents + times);
        (Items, Kinds, Categories, Gaps) = (Part(0), Part(1), Part(2), Part(3));
        Attributes = _indices.AsMemory(4 * events, users * attributeCount);
        Values = _values.AsMemory(0, events);
        Content = _values.AsMemory(events, contents);
        Time = _values.AsMemory(events + contents, times);
        _indices.AsSpan(0, (4 * events) + (users * attributeCount)).Clear();
        _values.AsSpan(0, events + contents + times).Clear();

        Memory<long> Part(int number) => _indices.AsMemory(number * events, events);
    }

    public int Users { get; }

    public int Length { get; }

    public int AttributeCount { get; }

    public int ContentDimension { get; }

    public Memory<long> Items { get; } // [B, L]

    public Memory<long> Kinds { get; } // [B, L]

    public Memory<long> Categories { get; } // [B, L]

    public Memory<long> Gaps { get; } // [B, L]

    public Memory<float> Values { get; } // [B, L]

    public Memory<float> Content { get; } // [B, L, C]

    public Memory<float> Time { get; } // [B, 2], empty if the model does not use it

    public Memory<long> Attributes { get; } // [B, A]

    /// <summary>The time of one window.</summary>
    public Span<float> TimeOf(int row) => Time.Span.Slice(row * TimeEncoding.Length, TimeEncoding.Length);

    public void Dispose()
    {
        ArrayPool<long>.Shared.Return(_indices);
        ArrayPool<float>.Shared.Return(_values);
    }
}
