namespace ProfileService.Refresh;

/// <summary>Groups windows of like length, so that little padding is computed.</summary>
internal static class LengthGroups
{
    /// <summary>Longest length of a group, as a multiple of its shortest.</summary>
    private const double Spread = 1.25;

    /// <summary>Every element once, in groups whose lengths are within a quarter of each other.</summary>
    public static IEnumerable<List<T>> Of<T>(IEnumerable<T> elements, Func<T, int> length)
    {
        var group = new List<T>();
        foreach (var element in elements.OrderBy(length))
        {
            if (group.Count > 0 && length(element) > Math.Ceiling(Spread * length(group[0])))
            {
                yield return group;
                group = [];
            }

            group.Add(element);
        }

        if (group.Count > 0)
            yield return group;
    }
}
