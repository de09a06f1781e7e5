namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>What a layout costs in memory, as a line through users with 1 to 100 events.</summary>
/// <param name="RecordBytes">Of an event as the window has it, its length included; mean.</param>
/// <param name="PerEvent">Bytes, the line's slope.</param>
/// <param name="PerUser">Bytes, the line's start.</param>
internal sealed record LayoutMemory(string Layout, bool GivesIds, double RecordBytes, double PerEvent, double PerUser)
{
    public static LayoutMemory Of(string layout, bool givesIds, double recordBytes, IReadOnlyList<(int Events, long Bytes)> users)
    {
        var (x, y) = (users.Average(u => (double)u.Events), users.Average(u => (double)u.Bytes));
        var slope = users.Sum(u => (u.Events - x) * (u.Bytes - y)) / users.Sum(u => (u.Events - x) * (u.Events - x));
        return new LayoutMemory(layout, givesIds, recordBytes, slope, y - (slope * x));
    }
}
