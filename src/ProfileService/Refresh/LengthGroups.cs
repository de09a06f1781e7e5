namespace ProfileService.Refresh;

/// <summary>
/// Groups windows of like length into runs of the model. Padding costs what events do, and a run costs something by itself, so that
/// it can be dearer to keep a few short windows apart than to pad them.
/// </summary>
internal static class LengthGroups
{
    /// <summary>What a run costs before its first event, in events; measured on the two-layer graph of dimension 64.</summary>
    private const long EventsPerRun = 64;

    /// <summary>Every element once, in groups of at most so many that cost least together.</summary>
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

    /// <summary>For each end of a group, exclusive, where the group begins by which the elements before the end cost least.</summary>
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
