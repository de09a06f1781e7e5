namespace ProfileService.Intake;

/// <summary>The valid entries of a request or of a part of it, each with its index in the request, from 0.</summary>
internal sealed class ParsedBatch<T>
    where T : class
{
    private readonly List<T> _parsed = [];
    private readonly List<long> _indexes = [];

    public IReadOnlyList<T> Parsed => _parsed;

    public int Count => _parsed.Count;

    /// <summary>Index in the request.</summary>
    /// <param name="i">Index among the valid entries.</param>
    public long IndexOf(int i) => _indexes[i];

    public void Add(long index, T parsed)
    {
        _parsed.Add(parsed);
        _indexes.Add(index);
    }

    public void Clear()
    {
        _parsed.Clear();
        _indexes.Clear();
    }
}
