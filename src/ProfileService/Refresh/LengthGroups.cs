namespace ProfileService.Refresh;

/// <summary>
/// Groups windows of similar length into runs of the model. Padding costs as much as events, but each run has a fixed cost, too. Therefore
/// it can be cheaper to pad a few short windows than to run them separately.
/// </summary>
internal static class LengthGroups
{
    /// <summary>Fixed cost of a run, in events; measured with the two-layer graph of dimension 64.</summary>
    private const long EventsPerRun = 64;

    /// <summary>Divides the elements into groups of at most <paramref name="most"/> with the lowest total cost.</summary>
    public static List<List<T>> Of<T>(IEnumerable<T> elements, Func<T, int> length, int most)
    {
        var sorted = elements.OrderBy(length).ToList();
        var starts = CheapestStarts([.. sorted.Select(length)], most);
        var groups = new List<List<T>>();
        for (var end = sorted.Count; end > 0; end = starts[end])
            groups.Add(sorted[starts[end]..end]);
        groups.Reverse();
        return groups;
    }

    /// <summary>For each exclusive end: the start of the last group if the elements before it are divided at the lowest cost.</summary>
    private static int[] CheapestStarts(int[] lengths, int most)
    {
        var (starts, costs) = (new int[lengths.Length + 1], new long[lengths.Length + 1]);
        for (var end = 1; end <= lengths.Length; end++)
        {
            costs[end] = long.MaxValue;
            for (var start = end - 1; start >= 0 && end - start <= most; start--)
            {
                var cost = costs[start] + EventsPerRun + ((long)lengths[end - 1] * (end - start));
                if (cost < costs[end])
                    (costs[end], starts[end]) = (cost, start);
            }
        }

        return starts;
    }
}
