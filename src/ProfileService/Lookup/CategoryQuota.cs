namespace ProfileService.Lookup;

/// <summary>Counts items by their first category, up to a maximum. Items without a category are not counted. Not thread-safe.</summary>
internal sealed class CategoryQuota
{
    private readonly int? _most;
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);

    /// <param name="most">Null for no maximum.</param>
    /// <param name="taken">Categories of the items that count already.</param>
    public CategoryQuota(int? most, IEnumerable<IReadOnlyList<string>?> taken)
    {
        _most = most;
        foreach (var categories in taken)
            TryTake(categories);
    }

    public bool TryTake(IReadOnlyList<string>? categories)
    {
        if (categories is not [var first, ..])
            return true;
        var count = _taken.GetValueOrDefault(first) + 1;
        if (count > _most)
            return false;
        _taken[first] = count;
        return true;
    }
}
