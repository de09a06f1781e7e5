namespace ProfileService.Attribution;

/// <summary>What a process counted since its last batch. A batch that is sent again is stored once.</summary>
/// <param name="Process">A random text of the process.</param>
/// <param name="Number">1, 2, 3, … of the process.</param>
/// <param name="MadeOn">When the batch was made, in UTC.</param>
internal sealed record OutcomeBatch(
    string Process, long Number, DateOnly MadeOn, IReadOnlyDictionary<RecommendationSource, OutcomeCounts> Counts)
{
    /// <summary>Days of which counts are kept, the present one among them.</summary>
    public const int DaysKept = 30;

    /// <summary>The first day of which counts are kept.</summary>
    public static DateOnly FirstDay(DateOnly today) => today.AddDays(1 - DaysKept);
}
