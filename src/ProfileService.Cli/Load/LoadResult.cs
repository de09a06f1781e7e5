using ProfileService.Platform;

namespace ProfileService.Cli.Load;

/// <summary>The result of a run.</summary>
/// <param name="Latencies">Latencies of successful requests; in an open loop from the scheduled time.</param>
/// <param name="Done">Profiles read or events accepted.</param>
/// <param name="Errors">Number of failed requests.</param>
/// <param name="Scheduled">Requests of an open loop that were due within the duration; 0 in a closed loop.</param>
/// <param name="Unsent">Those of them for which no connection was free before the end.</param>
internal sealed record LoadResult(
    TimeSpan Duration, LatencyHistogram Latencies, long Done, long Errors, string? FirstError, long Scheduled = 0, long Unsent = 0)
{
    private const double MaxUnsent = .01; // of the scheduled ones

    public double RequestsPerSecond => Latencies.Count / Duration.TotalSeconds;

    public double DonePerSecond => Done / Duration.TotalSeconds;

    /// <summary>Whether an open loop sent its requests, but for 1 % (or one) that was due just before the end.</summary>
    public bool KeptRate => Unsent <= Math.Max(1, MaxUnsent * Scheduled);

    public double P50 => Milliseconds(.5);

    public double P95 => Milliseconds(.95);

    public double P99 => Milliseconds(.99);

    public double Max => Latencies.Max.TotalMilliseconds;

    /// <summary>Combines the results of concurrent connections.</summary>
    public static LoadResult Of(IEnumerable<LoadResult> parts)
    {
        var latencies = new LatencyHistogram();
        var all = parts.ToList();
        all.ForEach(p => latencies.Add(p.Latencies));
        var firstError = all.Select(p => p.FirstError).FirstOrDefault(e => e is not null);
        return new LoadResult(
            all[0].Duration, latencies, all.Sum(p => p.Done), all.Sum(p => p.Errors), firstError,
            all.Sum(p => p.Scheduled), all.Sum(p => p.Unsent));
    }

    private double Milliseconds(double share) => Latencies.Percentile(share).TotalMilliseconds;
}
