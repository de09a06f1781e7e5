namespace ProfileService.Model;

/// <summary>A part of every vector of a package.</summary>
/// <param name="Name">Such as now or lasting.</param>
/// <param name="From">Index of its first number.</param>
/// <param name="Length">How many numbers it has.</param>
internal sealed record SegmentManifest(string Name, int From, int Length)
{
    /// <summary>Returns what is wrong with the segments of a package, or null.</summary>
    public static string? Problem(IReadOnlyList<SegmentManifest> segments, int dimension)
    {
        if (segments.Any(s => string.IsNullOrEmpty(s?.Name)) || segments.DistinctBy(s => s.Name).Count() < segments.Count)
            return "segments: each needs a name of its own.";
        var end = 0;
        foreach (var segment in segments)
        {
            if (segment.From != end || segment.Length < 1 || segment.Length > dimension - end)
                return "segments: each must begin where the one before it ends, the first at 0, and have at least one number.";
            end += segment.Length;
        }

        return end == dimension ? null : $"segments: they have {end} numbers together, the vector {dimension}.";
    }
}
